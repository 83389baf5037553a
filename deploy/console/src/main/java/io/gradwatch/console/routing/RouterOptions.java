package io.gradwatch.console.routing;

import io.gradwatch.console.routing.http.HostResolver;
import io.gradwatch.console.routing.http.TargetClient.Patience;
import io.gradwatch.schemas.SchemaRegistry;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a router runs.
 *
 * @param group consumer group: its routers share the alarms
 * @param dryRun who hears what would be sent; null: it is sent
 * @param resolver who looks names of targets up
 * @param patience how long to wait for a target
 * @param clock the time
 * @param registry where ids of Confluent framing are looked up; null: records that bear it are
 *     passed over
 */
public record RouterOptions(
    String group,
    @Nullable DryRun dryRun,
    HostResolver resolver,
    Patience patience,
    Clock clock,
    @Nullable SchemaRegistry registry) {
  /**
   * Who hears of a router that sends nothing.
   *
   * @param lines takes a line of JSON for each message that would be sent
   * @param passedOver takes now and then how many alarms that a route takes were over before
   *     anybody was told of them, since it was told last; at least 1
   */
  public record DryRun(Consumer<String> lines, LongConsumer passedOver) {}

  /** The group where no other is named. */
  public static final String DEFAULT_GROUP = "gradwatch-router";

  /** For production. */
  public static RouterOptions standard() {
    return new RouterOptions(
        DEFAULT_GROUP, null, HostResolver.SYSTEM, Patience.STANDARD, Clock.systemUTC(), null);
  }

  /** The same in another group. */
  public RouterOptions withGroup(String other) {
    return new RouterOptions(other, dryRun, resolver, patience, clock, registry);
  }

  /** The same, but nothing is sent. */
  public RouterOptions withDryRun(Consumer<String> lines, LongConsumer passedOver) {
    return new RouterOptions(
        group, new DryRun(lines, passedOver), resolver, patience, clock, registry);
  }

  /** The same by another clock. */
  public RouterOptions withClock(Clock other) {
    return new RouterOptions(group, dryRun, resolver, patience, other, registry);
  }

  /** The same with a registry, or without. */
  public RouterOptions withRegistry(@Nullable SchemaRegistry other) {
    return new RouterOptions(group, dryRun, resolver, patience, clock, other);
  }
}
