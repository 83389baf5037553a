package io.gradwatch.agent.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The intakes of all projects, each made when its first batch comes. */
final class Intakes {
  private final Function<String, Outlet> outlets;
  private final GatewayLimits limits;
  private final LongSupplier nanoTime;
  private final Map<String, Intake> byProject = new HashMap<>();
  private boolean closed;

  Intakes(Function<String, Outlet> outlets, GatewayLimits limits, LongSupplier nanoTime) {
    this.outlets = outlets;
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /** Of a project. */
  synchronized Intake of(String project) throws RefusedException {
    if (closed) {
      throw new RefusedException(Refusal.CLOSING, "the gateway ends; nothing was taken");
    }
    return byProject.computeIfAbsent(
        project, name -> new Intake(outlets.apply(name), limits, nanoTime));
  }

  /** Those there are. */
  synchronized Collection<Intake> all() {
    return List.copyOf(byProject.values());
  }

  /** Sends what they took, for at most so long together. */
  void close(Duration timeout) {
    List<Intake> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(byProject.values());
    }
    long end = nanoTime.getAsLong() + timeout.toNanos();
    for (Intake intake : all) {
      long left = Math.max(TimeUnit.SECONDS.toNanos(1), end - nanoTime.getAsLong());
      intake.close(Duration.ofNanos(left));
    }
  }
}
