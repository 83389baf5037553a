package io.gradwatch.lab.latency;

import static java.util.Objects.requireNonNull;

import io.gradwatch.lab.JsonLine;
import io.gradwatch.lab.Machine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code checkpoints}. */
@Command(
    name = "checkpoints",
    description =
        "Tells what the state of many runs takes to save and to start from: size of a savepoint in"
            + " Flink's native format, time to write it, and time from starting the job to its first"
            + " alarm, without state and from that savepoint.")
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
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (!json) {
      out.println(
          "| runs | layers | state | bytes | a run | a layer | saved in | first alarm after a start"
              + " without state | from the savepoint |");
      out.println("|---|---|---|---|---|---|---|---|---|");
    }
    for (int count : runs) {
      for (String backend : backends) {
        out.println(row(count, backend, new Keeping(count, layers, backend).run()));
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
          .with("state", backend)
          .with("bytes", result.bytes())
          .with("bytes_per_run", perRun)
          .with("bytes_per_layer", perRun / layers)
          .with("save_ms", result.saveMillis())
          .with("empty_start_ms", result.emptyStartMillis())
          .with("restore_ms", result.restoreMillis())
          .on(Machine.here());
    }
    return String.format(
        Locale.ROOT,
        "| %,d | %,d | %s | %,d | %,.0f | %.0f | %,d ms | %,d ms | %,d ms |",
        count,
        layers,
        backend,
        result.bytes(),
        perRun,
        perRun / layers,
        result.saveMillis(),
        result.emptyStartMillis(),
        result.restoreMillis());
  }
}
