package io.gradwatch.console.api;

import org.jspecify.annotations.Nullable;

/**
 * Whether the console can read what it shows.
 *
 * @param failure what keeps it from reading, in words for people; null: nothing, once more
 */
public record FeedEvent(@Nullable String failure) {}
