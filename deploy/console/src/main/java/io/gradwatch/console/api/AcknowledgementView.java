package io.gradwatch.console.api;

/**
 * Somebody looks after an alarm.
 *
 * @param author who
 * @param note what is done about it, may be empty
 * @param at since when
 */
public record AcknowledgementView(String author, String note, long at) {}
