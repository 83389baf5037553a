package io.gradwatch.console.routing.delivery;

/** So many requests a minute, a few of them at once. */
final class TokenBucket {
  private static final double BURST = 10;
  private static final double MILLIS_PER_MINUTE = 60_000;

  private final double perMilli;
  private final double burst;
  private double tokens;
  private long filledAt;

  TokenBucket(int perMinute, long now) {
    this.perMilli = perMinute / MILLIS_PER_MINUTE;
    this.burst = Math.min(BURST, Math.max(1, perMinute));
    this.tokens = burst;
    this.filledAt = now;
  }

  /** How long until a request may go, milliseconds; 0: now. */
  long waitMillis(long now) {
    tokens = Math.min(burst, tokens + Math.max(0, now - filledAt) * perMilli);
    filledAt = now;
    return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perMilli);
  }

  /** A request goes. */
  void take() {
    tokens--;
  }
}
