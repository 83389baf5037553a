package io.gradwatch.console.api;

import org.jspecify.annotations.Nullable;

/**
 * Whether an alarm was right.
 *
 * @param verdict RIGHT, TOO_LATE or FOR_NOTHING
 * @param actualOnsetStep step at which the trouble really began; null: as the alarm told
 * @param failureStep step from which the run was lost; null: it was not, or nobody said
 * @param author who judged
 * @param note why, may be empty
 * @param at when
 */
public record JudgementView(
    String verdict,
    @Nullable Long actualOnsetStep,
    @Nullable Long failureStep,
    String author,
    String note,
    long at) {}
