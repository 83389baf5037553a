package io.gradwatch.lab.latency;

import static java.util.Objects.requireNonNull;

import io.gradwatch.lab.JsonLine;
import io.gradwatch.lab.Machine;
import io.gradwatch.lab.SyntheticSteps.Reported;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code checkpoints}. */
@Command(
    name = "checkpoints",
    description = {
      "Tells what the state of many runs takes to save and to start from, on a Flink in this"
          + " process: size of a savepoint in Flink's native format, time to write it, and time from"
          + " starting the job to its first alarm, without state and from that savepoint.",
      "Then events go on at a fixed rate: duration and size of the checkpoints meanwhile, by Flink's"
          + " own statistics. At last its TaskManager ends, another being there: time from then to"
          + " the next alarm, Flink's pause of a second before a restart included."
    })
public final class CheckpointsCommand implements Callable<Integer> {
  @Option(
      names = "--runs",
      split = ",",
      paramLabel = "N",
      description = "Runs under way. Default: 100,1000,10000.")
  private List<Integer> runs = List.of(100, 1_000, 10_000);

  @Option(names = "--layers", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int layers = 100;

  @Option(
      names = "--reported",
      paramLabel = "WHAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Reported reported = Reported.GRADIENTS;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Events a second while checkpoints are made. Default: ${DEFAULT-VALUE}.")
  private double perSecond = 5_000;

  @Option(
      names = "--checkpoints",
      paramLabel = "N",
      description = "To be completed at that rate, at least 1. Default: ${DEFAULT-VALUE}.")
  private int checkpoints = 3;

  @Option(
      names = "-D",
      paramLabel = "NAME=VALUE",
      description = "A setting of Flink, such as execution.checkpointing.interval=30s.")
  private Map<String, String> settings = Map.of();

  @Option(
      names = "--backends",
      split = ",",
      paramLabel = "NAME",
      description = "Flink's names. Default: hashmap,rocksdb.")
  private List<String> backends = List.of("hashmap", "rocksdb");

  @Option(names = "--json", description = "One line of JSON for each row instead of a table.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    CommandLine line = requireNonNull(spec).commandLine();
    if (!(perSecond > 0) || checkpoints < 1) {
      throw new ParameterException(
          line,
          "--rate is %s, must be above 0; --checkpoints is %d, must be at least 1"
              .formatted(perSecond, checkpoints));
    }
    PrintWriter out = line.getOut();
    if (!json) {
      out.println(
          "| runs | layers | reported | state | bytes | a run | a layer | saved in | first alarm"
              + " after a start without state | from the savepoint | checkpoint at the rate, median"
              + " | longest | bytes | next alarm after the loss of the TaskManager |");
      out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    }
    for (int count : runs) {
      Keeping keeping = new Keeping(count, layers, reported, perSecond, checkpoints, settings);
      for (String backend : backends) {
        out.println(row(count, backend, keeping.run(backend)));
        out.flush();
      }
    }
    return 0;
  }

  private String row(int count, String backend, Keeping.Result result) {
    double perRun = result.bytes() / (double) count;
    if (json) {
      return new JsonLine("checkpoints")
          .with("runs", count)
          .with("layers", layers)
          .with("reported", reported.name())
          .with("state", backend)
          .with("bytes", result.bytes())
          .with("bytes_per_run", perRun)
          .with("bytes_per_layer", perRun / layers)
          .with("save_ms", result.saveMillis())
          .with("empty_start_ms", result.emptyStartMillis())
          .with("restore_ms", result.restoreMillis())
          .with("events_per_second", perSecond)
          .with("checkpoints", result.checkpointMillis().count())
          .with("checkpoint_p50_ms", result.checkpointMillis().at(0.5))
          .with("checkpoint_largest_ms", result.checkpointMillis().largest())
          .with("checkpoint_p50_bytes", result.checkpointBytes().at(0.5))
          .with("recovery_ms", result.recoveryMillis())
          .with("settings", settings.toString())
          .on(Machine.here());
    }
    return String.format(
        Locale.ROOT,
        "| %,d | %,d | %s | %s | %,d | %,.0f | %.0f | %,d ms | %,d ms | %,d ms | %,d ms | %,d ms"
            + " | %,d | %,d ms |",
        count,
        layers,
        reported,
        backend,
        result.bytes(),
        perRun,
        perRun / layers,
        result.saveMillis(),
        result.emptyStartMillis(),
        result.restoreMillis(),
        result.checkpointMillis().at(0.5),
        result.checkpointMillis().largest(),
        result.checkpointBytes().at(0.5),
        result.recoveryMillis());
  }
}
