package io.gradwatch.backtest;

/**
 * An event that was not let in.
 *
 * @param source the recorded run, for a person
 * @param place where it stood, in words
 * @param reason why
 */
public record Refusal(String source, String place, String reason) {
  @Override
  public String toString() {
    return source + ", " + place + ": " + reason;
  }
}
