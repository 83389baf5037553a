package io.gradwatch.backtest.score;

import org.jspecify.annotations.Nullable;

/**
 * How a run that needed an alarm was answered.
 *
 * @param verdict the answer in a word
 * @param steps steps from the onset to the alarm that counts; of an overfit run, whose onset nobody
 *     knows, the step of that alarm; null when there was none
 */
public record Response(Verdict verdict, @Nullable Long steps) {

  /** The answer in a word. */
  public enum Verdict {
    IN_TIME("in time"),
    LATE("late"),
    NOTICED("noticed"),
    MISSED("MISSED");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** As {@code score.py} prints it. */
    public String words() {
      return words;
    }
  }

  static Response missed() {
    return new Response(Verdict.MISSED, null);
  }

  boolean good() {
    return verdict == Verdict.IN_TIME || verdict == Verdict.NOTICED;
  }
}
