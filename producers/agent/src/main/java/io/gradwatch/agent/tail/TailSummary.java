package io.gradwatch.agent.tail;

/**
 * What a tail did.
 *
 * @param runs runs whose logs it followed
 * @param steps steps published
 * @param events events published, steps among them
 * @param badLines lines (or records) that could not be understood
 * @param complete false when events were still on their way at the end; they are published again by
 *     the next tail
 */
public record TailSummary(int runs, long steps, long events, long badLines, boolean complete) {}
