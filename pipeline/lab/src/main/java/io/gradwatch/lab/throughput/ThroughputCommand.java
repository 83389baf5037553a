package io.gradwatch.lab.throughput;

import static java.util.Objects.requireNonNull;

import io.gradwatch.lab.Machine;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.lab.recordings.TraceFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code throughput}. */
@Command(
    name = "throughput",
    description = {
      "Runs the job and jobs that do less over the same events on a broker in this process, by turns,"
          + " and tells how many they take a second: medians of the rounds. The first job is the"
          + " base of the ratios and runs before and after the others in each round; a ratio is"
          + " the median of those within the rounds.",
      "Processor time is that of job and broker together; it says more than the clock where the"
          + " machine has other work. Needs some 15 GB in the folder for temporary files."
    })
public final class ThroughputCommand implements Callable<Integer> {
  /** What a topic may take of the disk. */
  static final long MOST_BYTES = 5_500_000_000L;

  @Option(names = "--runs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int runs = 100;

  @Option(names = "--layers", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int layers = 100;

  @Option(
      names = "--reported",
      paramLabel = "WHAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Reported reported = Reported.GRADIENTS;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "For so long counts a heat at least, as far as --bytes allows: so many events are read,"
              + " by the pace of the heats before. A checkpoint is made every ten seconds."
              + " Default: ${DEFAULT-VALUE}.")
  private double seconds = 25;

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Events that each heat reads, whatever time that takes, instead of --seconds.")
  private @Nullable Integer records;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      description = "Most bytes of the events in the topic. Default: ${DEFAULT-VALUE}.")
  private long bytes = MOST_BYTES;

  @Option(
      names = "--recordings",
      paramLabel = "FOLDER",
      defaultValue = TraceFolder.DEFAULT,
      description = "What the values are made of. Default: traces/dev of this module.")
  private Path recordings = Path.of(TraceFolder.DEFAULT);

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(names = "--parallelism", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int parallelism = 1;

  @Option(
      names = "--jobs",
      split = ",",
      paramLabel = "JOB",
      converter = Entrants.class,
      completionCandidates = Entrants.class,
      description = "${COMPLETION-CANDIDATES}. Default: all.")
  private List<Entrant> jobs = Entrants.ALL;

  @Option(names = "--json", description = "One line of JSON for each job instead of a table.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    Workload workload =
        new Workload(
                RecordedNetwork.of(recordings, layers, reported),
                runs,
                records == null ? Integer.MAX_VALUE : records)
            .within(bytes);
    HeatLength length =
        records == null
            ? new HeatLength.Lasting(seconds, workload.warmUpRecords(), 0, workload.records())
            : new HeatLength.Fixed(workload.records());
    try (Arena arena = Arena.open(workload, line -> say(err, line))) {
      print(arena.hold(jobs, parallelism, length, rounds));
    }
    return 0;
  }

  private void print(ContestText text) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    (json ? text.json(Machine.here()) : text.table()).forEach(out::println);
    out.flush();
  }

  static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
