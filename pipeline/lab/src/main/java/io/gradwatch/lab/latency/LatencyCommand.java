package io.gradwatch.lab.latency;

import static java.util.Objects.requireNonNull;

import io.gradwatch.lab.JsonLine;
import io.gradwatch.lab.Machine;
import io.gradwatch.lab.timing.Percentiles;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code latency}. */
@Command(
    name = "latency",
    description = {
      "Tells how long the job takes from an event to its alarm, and a job that only copies from an"
          + " event to its copy, both stamped by the broker when it appends them.",
      "Events come at a fixed rate, whatever becomes of those before (open loop). Each run has one"
          + " NaN, whose alarm opens at that step. The broker and the generator run in this process."
    })
public final class LatencyCommand implements Callable<Integer> {
  @Option(
      names = "--loads",
      split = ",",
      paramLabel = "SHARE",
      description = "Shares of the capacity. Default: 0.1,0.5,0.9.")
  private List<Double> loads = List.of(0.1, 0.5, 0.9);

  @Option(
      names = "--capacity",
      paramLabel = "N",
      description = "Events a second that the whole job takes. Default: measured at first.")
  private double capacity = Double.NaN;

  @Option(
      names = "--capacity-events",
      paramLabel = "N",
      description =
          "Events to measure it with, read again and again until Java's compiler has come to rest,"
              + " then three times. Default: ${DEFAULT-VALUE}.")
  private long capacityEvents = 1_000_000;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "At each load, before it counts. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds = 10;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "At each load. Default: ${DEFAULT-VALUE}.")
  private int seconds = 40;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Runs at once. Default: ${DEFAULT-VALUE}.")
  private int runs = 100;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Events of each run, of which one raises an alarm. Default: ${DEFAULT-VALUE}.")
  private int steps = 1_000;

  @Option(names = "--layers", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int layers = 100;

  @Option(names = "--parallelism", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int parallelism = 1;

  @Option(
      names = "-D",
      paramLabel = "NAME=VALUE",
      description =
          "A setting of Flink for both jobs, such as execution.buffer-timeout.interval=5ms.")
  private Map<String, String> settings = Map.of();

  @Option(names = "--json", description = "One line of JSON for each row instead of a table.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Trial trial = new Trial(new ShortRuns(runs, steps, layers), parallelism, settings);
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    if (Double.isNaN(capacity)) {
      capacity =
          trial.capacity(
              capacityEvents,
              line -> {
                err.println(line);
                err.flush();
              });
      err.printf(Locale.ROOT, "capacity: %,.0f events/s%n", capacity);
      err.flush();
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (!json) {
      out.println(
          "| load | events/s | job | p50 | p99 | p99.9 | largest | answers | none came | p99 to"
              + " passthrough's | generator behind, p99 |");
      out.println("|---|---|---|---|---|---|---|---|---|---|---|");
    }
    for (double load : loads) {
      long base = 0;
      for (Questioned job : Questioned.values()) {
        Trial.Result result =
            trial.run(
                job,
                load * capacity,
                Duration.ofSeconds(warmUpSeconds),
                Duration.ofSeconds(seconds));
        base = job == Questioned.PASSTHROUGH ? result.millis().at(0.99) : base;
        out.println(row(load, job, result, result.millis().at(0.99) / (double) base));
        out.flush();
      }
    }
    return 0;
  }

  private String row(double load, Questioned job, Trial.Result result, double ratio) {
    Percentiles millis = result.millis();
    if (json) {
      return new JsonLine("latency")
          .with("load", load)
          .with("events_per_second", load * capacity)
          .with("job", job.name())
          .with("runs", runs)
          .with("steps", steps)
          .with("layers", layers)
          .with("parallelism", parallelism)
          .with("settings", settings.toString())
          .with("p50_ms", millis.at(0.5))
          .with("p99_ms", millis.at(0.99))
          .with("p999_ms", millis.at(0.999))
          .with("largest_ms", millis.largest())
          .with("answers", millis.count())
          .with("unanswered", result.unanswered())
          .with("p99_to_passthrough", ratio)
          .with("behind_p99_us", result.behindNanos().at(0.99) / 1e3)
          .on(Machine.here());
    }
    return String.format(
        Locale.ROOT,
        "| %.0f %% | %,.0f | %s | %d ms | %d ms | %d ms | %d ms | %,d | %,d | %.2f | %.2f ms |",
        100 * load,
        load * capacity,
        job,
        millis.at(0.5),
        millis.at(0.99),
        millis.at(0.999),
        millis.largest(),
        millis.count(),
        result.unanswered(),
        ratio,
        result.behindNanos().at(0.99) / 1e6);
  }
}
