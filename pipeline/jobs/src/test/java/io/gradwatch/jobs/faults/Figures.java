package io.gradwatch.jobs.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What recovery took, by kind of fault. */
final class Figures {
  private final Map<String, List<Recovery>> byFault = new TreeMap<>();
  private final List<String> endedByThemselves = new ArrayList<>();
  private int schedules;
  private int givenUp;
  private Duration took = Duration.ZERO;

  void add(Trial.Result result) {
    schedules++;
    givenUp += result.givenUp();
    took = took.plus(result.took());
    endedByThemselves.addAll(result.endedByThemselves());
    for (Trial.Injected injected : result.faults()) {
      byFault
          .computeIfAbsent(injected.fault().getClass().getSimpleName(), name -> new ArrayList<>())
          .addAll(injected.recovery());
    }
  }

  /** A table in Markdown; times in seconds. */
  String table() {
    StringBuilder text =
        new StringBuilder(
            """
            | fault | times | all tasks run again: median, most | next checkpoint complete: median, most |
            |---|---|---|---|
            """);
    byFault.forEach(
        (fault, recoveries) ->
            text.append(
                "| %s | %d | %s | %s |%n"
                    .formatted(
                        fault,
                        recoveries.size(),
                        medianAndMost(recoveries, Recovery::untilRunning),
                        medianAndMost(recoveries, Recovery::untilCheckpoint))));
    return text.append(
            ("%d schedules in %d s; processes that ended by themselves: %s;"
                    + " jobs given up for want of a storage and started again: %d%n")
                .formatted(schedules, took.toSeconds(), endedByThemselves, givenUp))
        .toString();
  }

  private static String medianAndMost(
      List<Recovery> recoveries, Function<Recovery, Duration> figure) {
    List<Duration> sorted = recoveries.stream().map(figure).sorted().toList();
    return sorted.isEmpty()
        ? "-"
        : "%.1f s, %.1f s"
            .formatted(
                seconds(sorted.get(sorted.size() / 2)), seconds(sorted.get(sorted.size() - 1)));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }
}
