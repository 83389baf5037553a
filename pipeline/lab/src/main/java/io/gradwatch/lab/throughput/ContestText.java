package io.gradwatch.lab.throughput;

import io.gradwatch.lab.JsonLine;
import io.gradwatch.lab.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A contest as a table (Markdown, as the README has it) and as lines of JSON.
 *
 * @param bytesPerEvent of the value, without key
 */
record ContestText(
    Workload workload, long bytesPerEvent, int parallelism, List<Entrant> entrants, Tally tally) {

  /** A line each entrant. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| job | events | events/s | layer values/s | to %s | processor time an event | to %s | in the busiest thread |"
            .formatted(tally.base(), tally.base()));
    lines.add("|---|---|---|---|---|---|---|---|");
    for (Entrant entrant : entrants) {
      String name = entrant.name();
      double rate = tally.median(name, HeatResult::recordsPerSecond);
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f | %,.0f | %,.0f | %.3f | %.2f µs | %.2f | %s |",
              name,
              tally.median(name, HeatResult::records),
              rate,
              rate * workload.values(),
              tally.medianRatio(name, HeatResult::recordsPerSecond),
              tally.median(name, HeatResult::cpuMicros),
              tally.medianRatio(name, HeatResult::cpuMicros),
              busiest(tally.median(name, HeatResult::busiestMicros))));
    }
    return lines;
  }

  private static String busiest(double micros) {
    return Double.isNaN(micros) ? "not known" : String.format(Locale.ROOT, "%.2f µs", micros);
  }

  /** A line each entrant, with shape and machine. */
  List<String> json(Machine machine) {
    return entrants.stream().map(entrant -> json(entrant.name(), machine)).toList();
  }

  private String json(String name, Machine machine) {
    double rate = tally.median(name, HeatResult::recordsPerSecond);
    double cpu = tally.median(name, HeatResult::cpuMicros);
    return new JsonLine("throughput")
        .with("job", name)
        .with("runs", workload.runs())
        .with("layers", workload.layers())
        .with("reported", workload.reported().name())
        .with("values_per_event", workload.values())
        .with("bytes_per_event", bytesPerEvent)
        .with("parallelism", parallelism)
        .with("rounds", tally.rounds())
        .with("events", (long) tally.median(name, HeatResult::records))
        .with("events_per_second", rate)
        .with("values_per_second", rate * workload.values())
        .with("cpu_us_per_event", cpu)
        .with("busiest_thread_us_per_event", tally.median(name, HeatResult::busiestMicros))
        .with("cpu_ns_per_value", cpu * 1e3 / workload.values())
        .with("base", tally.base())
        .with("rate_to_base", tally.medianRatio(name, HeatResult::recordsPerSecond))
        .with("cpu_to_base", tally.medianRatio(name, HeatResult::cpuMicros))
        .on(machine);
  }
}
