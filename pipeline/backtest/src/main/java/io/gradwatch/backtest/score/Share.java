package io.gradwatch.backtest.score;

import java.util.Collection;
import java.util.function.Predicate;

/**
 * So many of so many.
 *
 * @param count at most total
 * @param total at least 0
 */
public record Share(int count, int total) {
  /** None of none. */
  public static final Share NONE = new Share(0, 0);

  static <T> Share of(Collection<T> all, Predicate<T> counted) {
    return new Share((int) all.stream().filter(counted).count(), all.size());
  }

  Share plus(Share other) {
    return new Share(count + other.count, total + other.total);
  }

  /** From 0 to 1; none of none is 0. */
  public double fraction() {
    return (double) count / Math.max(1, total);
  }

  @Override
  public String toString() {
    return count + "/" + total;
  }
}
