package io.gradwatch.console.routing;

import io.gradwatch.console.routing.http.HostResolver;
import io.gradwatch.console.routing.http.TargetClient.Patience;
import io.gradwatch.schemas.SchemaRegistry;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a router runs.
 *
 * @param group consumer group: its routers share the alarms
 * @param dryRun takes a line of JSON for each message that would be sent; null: they are sent
 * @param resolver who looks names of targets up
 * @param patience how long to wait for a target
 * @param clock the time
 * @param registry where ids of Confluent framing are looked up; null: records that bear it are
 *     passed over
 */
public record RouterOptions(
    String group,
    @Nullable Consumer<String> dryRun,
    HostResolver resolver,
    Patience patience,
    Clock clock,
    @Nullable SchemaRegistry registry) {
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
  public RouterOptions withDryRun(Consumer<String> lines) {
    return new RouterOptions(group, lines, resolver, patience, clock, registry);
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
