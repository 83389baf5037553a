/**
 * Judges alarms on labelled runs. The rules and the figures are those of {@code
 * pipeline/lab/score.py}, which stays the reference: a test in the lab holds the two equal.
 */
@NullMarked
package io.gradwatch.backtest.score;

import org.jspecify.annotations.NullMarked;
