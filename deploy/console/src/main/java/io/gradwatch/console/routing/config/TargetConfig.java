package io.gradwatch.console.routing.config;

import io.gradwatch.console.routing.http.TargetAddress;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One target of alarms.
 *
 * @param name its name, also in the journal: a new name is a new target, which knows nothing yet
 * @param type what it is
 * @param address where it is
 * @param secret Slack's bot token, PagerDuty's routing key, what a webhook is signed with, or
 *     Alertmanager's bearer token; null: none is needed
 * @param channel of Slack, with a bot token; blank: none
 * @param labels more labels for Alertmanager
 * @param pace how often it may be told
 */
public record TargetConfig(
    String name,
    TargetType type,
    TargetAddress address,
    @Nullable Secret secret,
    String channel,
    Map<String, String> labels,
    Pace pace) {

  /**
   * How often a target may be told.
   *
   * @param groupOver more alarms than this within {@code groupWait} are told together
   * @param groupWait for how long they are gathered
   * @param ratePerMinute requests a minute
   * @param resend how often an alarm that is open is told again, where that is needed
   */
  public record Pace(int groupOver, Duration groupWait, int ratePerMinute, Duration resend) {}

  public TargetConfig {
    labels = Map.copyOf(labels);
  }

  /** The same, but each alarm is told by itself, however many there are. */
  TargetConfig ungrouped() {
    Pace alone = new Pace(Integer.MAX_VALUE, pace.groupWait(), pace.ratePerMinute(), pace.resend());
    return new TargetConfig(name, type, address, secret, channel, labels, alone);
  }

  /** A text without what must not be printed. */
  public String redacted(String text) {
    String path = address.uri().getRawPath();
    String shown =
        path == null || path.length() < 2
            ? text
            : Secret.plain(path).hideIn(Secret.plain(address.uri().toString()).hideIn(text));
    return secret == null ? shown : secret.hideIn(shown);
  }
}
