package io.gradwatch.console.api;

/**
 * The one alarm that a row of the fleet shows.
 *
 * @param id its id
 * @param kind what was seen
 * @param severity INFO, WARNING or CRITICAL
 * @param status where it stands with people
 * @param onsetStep step at which the disturbance began
 * @param summary one sentence
 */
public record AlarmBrief(
    String id, String kind, String severity, AlarmStatus status, long onsetStep, String summary) {}
