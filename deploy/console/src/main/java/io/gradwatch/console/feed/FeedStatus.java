package io.gradwatch.console.feed;

import org.jspecify.annotations.Nullable;

/**
 * How reading goes.
 *
 * @param caughtUp whether what was there at the start has been read
 * @param records records read
 * @param refused records that could not be read
 * @param lag records that are there and not yet read; -1 when not known
 * @param failure what keeps it from reading; null while nothing does
 */
public record FeedStatus(
    boolean caughtUp, long records, long refused, long lag, @Nullable String failure) {}
