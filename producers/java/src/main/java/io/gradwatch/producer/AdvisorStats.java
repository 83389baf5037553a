package io.gradwatch.producer;

/**
 * What an advisor has read and done since it was built.
 *
 * @param accepted recommendations taken
 * @param outdated recommendations passed over because newer ones are known: repetitions and those
 *     of earlier attempts
 * @param refused records that are no recommendation for this run and attempt, or whose threshold or
 *     step cannot be
 * @param reading true when the topic was read to its end at least once
 * @param advice what following advice did, or would have done in shadow mode
 * @param guard the same for the local guard, where there was neither advice nor a rule of the
 *     trainer's own
 */
public record AdvisorStats(
    long accepted,
    long outdated,
    long refused,
    boolean reading,
    ClipEngagement advice,
    ClipEngagement guard) {}
