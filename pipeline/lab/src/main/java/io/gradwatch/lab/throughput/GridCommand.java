package io.gradwatch.lab.throughput;

import static java.util.Objects.requireNonNull;

import io.gradwatch.lab.Machine;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.lab.recordings.TraceFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code throughput-grid}. */
@Command(
    name = "throughput-grid",
    description =
        "Measures the throughput at every shape of a fleet, each on a topic of its own, and appends"
            + " a line of JSON for each job and shape to a file; `growth` draws them.")
public final class GridCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OUT.jsonl", description = "File that the lines are appended to.")
  private Path out = Path.of("grid.jsonl");

  @Option(names = "--layers", split = ",", paramLabel = "N", defaultValue = "10,100,1000")
  private List<Integer> layers = List.of();

  @Option(names = "--runs", split = ",", paramLabel = "N", defaultValue = "10,1000,10000")
  private List<Integer> runs = List.of();

  @Option(
      names = "--reported",
      split = ",",
      paramLabel = "WHAT",
      defaultValue = "GRADIENTS,ALL_NORMS")
  private List<Reported> reported = List.of();

  @Option(names = "--parallelism", split = ",", paramLabel = "N", defaultValue = "1,2")
  private List<Integer> parallelism = List.of();

  @Option(
      names = "--jobs",
      split = ",",
      paramLabel = "JOB",
      converter = Entrants.class,
      defaultValue = "PASSTHROUGH,FULL")
  private List<Entrant> jobs = List.of();

  @Option(names = "--records", paramLabel = "N", defaultValue = "200000")
  private int records;

  @Option(names = "--bytes", paramLabel = "N", defaultValue = "400000000")
  private long bytes;

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "2")
  private int rounds;

  @Option(names = "--recordings", paramLabel = "FOLDER", defaultValue = TraceFolder.DEFAULT)
  private Path recordings = Path.of(TraceFolder.DEFAULT);

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    for (int layerCount : layers) {
      for (Reported what : reported) {
        RecordedNetwork network = RecordedNetwork.of(recordings, layerCount, what);
        for (int runCount : runs) {
          measure(new Workload(network, runCount, records).within(bytes));
        }
      }
    }
    return 0;
  }

  private void measure(Workload workload) throws Exception {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    for (int slots : parallelism) {
      ThroughputCommand.say(
          err,
          "%d layers, %s, %d runs, parallelism %d"
              .formatted(workload.layers(), workload.reported(), workload.runs(), slots));
      // A broker each: the names of a contest's heats are taken afterwards.
      try (Arena arena = Arena.open(workload, line -> ThroughputCommand.say(err, line))) {
        Files.write(
            out,
            arena.hold(jobs, slots, rounds).json(Machine.here()),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    }
  }
}
