package io.gradwatch.console.model;

/**
 * Something that changed.
 *
 * @param generation when, by {@link Fleet#generation()}
 * @param what as it is now
 */
public record Change<T>(long generation, T what) {}
