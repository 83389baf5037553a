package io.gradwatch.lab.startup;

import io.gradwatch.lab.JsonLine;
import io.gradwatch.lab.Machine;
import java.util.Locale;

/** What was measured, as rows of a table or as lines of JSON. */
final class StartUpText {
  static final String HEAD =
      """
      | what | from its start to | median | least | largest | processor time | layer values | a second | without Java's start | a second of processor time |
      |---|---|---|---|---|---|---|---|---|---|""";

  private final boolean json;
  private final Machine machine;

  StartUpText(boolean json, Machine machine) {
    this.json = json;
    this.machine = machine;
  }

  /** A start that reads next to nothing. */
  String row(String what, String until, Launches launches) {
    return json ? line(what, launches).on(machine) : cells(what, until, launches) + " | | | |";
  }

  /**
   * A backtest of many recordings.
   *
   * @param started the same command with a recording of one row
   */
  String row(int files, long layerValues, Launches launches, Launches started) {
    double overall = layerValues / launches.seconds();
    double reading = layerValues / (launches.seconds() - started.seconds());
    double cpu = layerValues / launches.cpuSeconds();
    if (json) {
      return line("backtest", launches)
          .with("files", files)
          .with("layer_values", layerValues)
          .with("values_per_second", overall)
          .with("values_per_second_after_start", reading)
          .with("values_per_cpu_second", cpu)
          .on(machine);
    }
    return cells("backtest of " + files + " recordings", "its end", launches)
        + String.format(
            Locale.ROOT,
            " %,d | %.2f million | %.2f million | %.2f million |",
            layerValues,
            overall / 1e6,
            reading / 1e6,
            cpu / 1e6);
  }

  private static JsonLine line(String what, Launches launches) {
    return new JsonLine("start-up")
        .with("what", what)
        .with("rounds", launches.count())
        .with("median_s", launches.seconds())
        .with("least_s", launches.least())
        .with("largest_s", launches.largest())
        .with("cpu_s", launches.cpuSeconds());
  }

  private static String cells(String what, String until, Launches launches) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.2f s | %.2f s | %.2f s | %.2f s |",
        what,
        until,
        launches.seconds(),
        launches.least(),
        launches.largest(),
        launches.cpuSeconds());
  }
}
