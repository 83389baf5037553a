package io.gradwatch.lab.throughput;

import static java.util.Objects.requireNonNull;

import io.gradwatch.lab.Machine;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.lab.recordings.TraceFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code throughput-grid}. */
@Command(
    name = "throughput-grid",
    description = {
      "Measures the throughput at shapes of a fleet, each on a topic of its own, and appends a line"
          + " of JSON for each job and shape to a file; `growth` draws them.",
      "The clock runs once every run has had so many steps (--steps), for so many seconds"
          + " (--seconds) or as far as --bytes allows. A shape that has no room is left out and named."
    })
public final class GridCommand implements Callable<Integer> {
  /** Part of the events that may pass before the clock runs: beyond it little would be left. */
  private static final double MOST_UNCOUNTED = 0.75;

  @Parameters(paramLabel = "OUT.jsonl", description = "File that the lines are appended to.")
  private Path out = Path.of("grid.jsonl");

  @Option(
      names = "--shapes",
      paramLabel = "WHICH",
      description =
          "One measure that grows while the others stay in the middle, each of them, or each with"
              + " each: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Shapes shapes = Shapes.AXES;

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

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "300",
      description = "That every run has had before the clock runs. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "25",
      description = "For which the clock runs. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      description = "Most bytes of the events in the topic. Default: ${DEFAULT-VALUE}.")
  private long bytes = ThroughputCommand.MOST_BYTES;

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "2")
  private int rounds;

  @Option(names = "--recordings", paramLabel = "FOLDER", defaultValue = TraceFolder.DEFAULT)
  private Path recordings = Path.of(TraceFolder.DEFAULT);

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<Shape> asked = shapes.of(layers, runs, parallelism);
    int shape = 0;
    long started = System.nanoTime();
    for (Reported what : reported) {
      for (Shape each : asked) {
        shape++;
        say(
            "shape %d of %d after %d min: %d layers, %s, %d runs, parallelism %d"
                .formatted(
                    shape,
                    asked.size() * reported.size(),
                    TimeUnit.NANOSECONDS.toMinutes(System.nanoTime() - started),
                    each.layers(),
                    what,
                    each.runs(),
                    each.parallelism()));
        measure(each, RecordedNetwork.of(recordings, each.layers(), what));
      }
    }
    return 0;
  }

  private void measure(Shape shape, RecordedNetwork network) throws Exception {
    Workload workload = new Workload(network, shape.runs(), Integer.MAX_VALUE).within(bytes);
    long uncounted = (long) steps * shape.runs();
    if (uncounted > MOST_UNCOUNTED * workload.records()) {
      say(
          "left out: %,d steps of each run are %,d events, --bytes %,d has room for %,d in all"
              .formatted(steps, uncounted, bytes, workload.records()));
      return;
    }
    HeatLength length =
        new HeatLength.Lasting(seconds, workload.warmUpRecords(), uncounted, workload.records());
    // A broker each: the names of a contest's heats are taken afterwards.
    try (Arena arena = Arena.open(workload, this::say)) {
      Files.write(
          out,
          arena.hold(jobs, shape.parallelism(), length, rounds).json(Machine.here()),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private void say(String line) {
    ThroughputCommand.say(requireNonNull(spec).commandLine().getErr(), line);
  }
}
