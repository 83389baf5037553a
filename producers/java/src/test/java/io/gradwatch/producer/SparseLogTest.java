package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class SparseLogTest {
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final SparseLog log = new SparseLog(recorder(), nanos::get);

  @Test
  void warnsOnceAMinuteOfEachKindAndCountsTheRest() {
    log.warn("lost", "one", null);
    log.warn("lost", "two", null);
    log.warn("late", "one", new IllegalStateException("no"));
    nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
    log.warn("lost", "three", null);
    nanos.incrementAndGet();
    log.warn("lost", "four", null);

    assertThat(lines)
        .containsExactly(
            "lost: one",
            "late: one: java.lang.IllegalStateException: no",
            "lost: four (and 2 times since the last warning)");
  }

  private Logger recorder() {
    return (Logger)
        Proxy.newProxyInstance(
            Logger.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, args) -> {
              lines.add(
                  MessageFormatter.arrayFormat((String) args[0], (Object[]) args[1]).getMessage());
              return null;
            });
  }
}
