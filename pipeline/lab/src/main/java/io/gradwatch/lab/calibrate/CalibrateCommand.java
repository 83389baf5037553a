package io.gradwatch.lab.calibrate;

import static java.util.Objects.requireNonNull;

import io.gradwatch.lab.recordings.RecordedSteps;
import io.gradwatch.lab.recordings.TraceFolder;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabel.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code calibrate}. */
@Command(
    name = "calibrate",
    description = {
      "Measures how often healthy runs raise alarms, on long series resampled from quiet runs.",
      "The intervals count alarms as independent of each other; where many come from one run, they"
          + " are too narrow."
    })
public final class CalibrateCommand implements Callable<Integer> {
  /** No run has as many series. */
  private static final long SEEDS_APART = 1_000_003;

  @Parameters(
      arity = "0..*",
      paramLabel = "FOLDER",
      defaultValue = TraceFolder.DEFAULT,
      description = "Recordings with labels.json. Default: traces/dev of this module.")
  private List<Path> folders = List.of();

  @Option(
      names = "--series",
      defaultValue = "40",
      description = "Series at least; each quiet run has as many as any other. Default: 40.")
  private int series = 40;

  @Option(names = "--steps", defaultValue = "50000", description = "Of each. Default: 50000.")
  private int steps = 50_000;

  @Option(
      names = "--block",
      defaultValue = "200",
      description = "Mean steps a block. Default: 200.")
  private double block = 200;

  @Option(names = "--seed", defaultValue = "1", description = "Default: 1.")
  private long seed = 1;

  @Option(
      names = "--scale",
      split = ",",
      description = "Factors on all thresholds that follow false_page_interval_steps.")
  private List<Double> factors = List.of(1.0);

  @Option(
      names = "--plot",
      paramLabel = "OUT.svg",
      description = "Draws the first quiet run beside a resampled one, instead of measuring.")
  private @Nullable Path plot;

  @Option(names = "--run", paramLabel = "NAME", description = "Only the runs of this name's start.")
  private String only = "";

  @Option(names = "--threads", paramLabel = "N", description = "Default: the processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    Map<String, List<QuietRun>> families = new TreeMap<>();
    int quiet = 0;
    for (Path folder : folders) {
      quiet += read(TraceFolder.open(folder), families, err);
    }
    err.flush();
    if (quiet == 0) {
      throw new IOException("there is no quiet healthy run in " + folders);
    }
    if (plot != null) {
      QuietRun first = families.values().iterator().next().get(0);
      Files.writeString(plot, ResamplingFigure.draw(first, seed, block));
      return 0;
    }
    int each = Math.max(1, (series + quiet - 1) / quiet);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    tell(measure(families, each), out);
    out.flush();
    return 0;
  }

  private int read(TraceFolder folder, Map<String, List<QuietRun>> families, PrintWriter err)
      throws IOException {
    int quiet = 0;
    for (Map.Entry<String, RunLabel> run : folder.labels().entrySet()) {
      if (run.getValue().outcome() == Outcome.HEALTHY && run.getKey().startsWith(only)) {
        try {
          QuietRun source = new QuietRun(RecordedSteps.read(folder.file(run.getKey())));
          String scenario = run.getValue().scenario();
          families
              .computeIfAbsent(scenario == null ? source.run() : scenario, any -> new ArrayList<>())
              .add(source);
          quiet++;
        } catch (NotQuietException e) {
          err.println(run.getKey() + " is left out: " + e.getMessage());
        }
      }
    }
    return quiet;
  }

  /** Every run is resampled as often; a task a run. */
  private Map<String, List<AlarmCounts>> measure(Map<String, List<QuietRun>> families, int each)
      throws IOException, InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    Map<String, List<Future<Calibration>>> underWay = new TreeMap<>();
    long[] seeds = {seed};
    try {
      families.forEach(
          (family, sources) ->
              underWay.put(
                  family,
                  sources.stream()
                      .map(source -> workers.submit(new Task(source, each, seeds[0]++)))
                      .toList()));
      Map<String, List<AlarmCounts>> found = new TreeMap<>();
      for (Map.Entry<String, List<Future<Calibration>>> family : underWay.entrySet()) {
        found.put(family.getKey(), sum(family.getValue()));
      }
      return found;
    } catch (ExecutionException e) {
      throw new IOException("a series broke off", e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }

  private List<AlarmCounts> sum(List<Future<Calibration>> parts)
      throws ExecutionException, InterruptedException {
    List<AlarmCounts> sums = new ArrayList<>();
    factors.forEach(factor -> sums.add(new AlarmCounts()));
    for (Future<Calibration> part : parts) {
      for (int i = 0; i < sums.size(); i++) {
        sums.get(i).addAll(part.get().counts().get(i));
      }
    }
    return sums;
  }

  private final class Task implements Callable<Calibration> {
    private final QuietRun source;
    private final int times;
    private final long firstSeed;

    Task(QuietRun source, int times, long firstSeed) {
      this.source = source;
      this.times = times;
      this.firstSeed = firstSeed;
    }

    @Override
    public Calibration call() {
      Calibration calibration = new Calibration(factors);
      for (int i = 0; i < times; i++) {
        long own = firstSeed * SEEDS_APART + i;
        calibration.run(source, new ResampledRun(source, own, steps, block));
      }
      return calibration;
    }
  }

  private void tell(Map<String, List<AlarmCounts>> found, PrintWriter out) {
    List<AlarmCounts> sums = new ArrayList<>();
    for (int i = 0; i < factors.size(); i++) {
      AlarmCounts sum = new AlarmCounts();
      for (List<AlarmCounts> family : found.values()) {
        sum.addAll(family.get(i));
      }
      sums.add(sum);
    }
    int standard = Math.max(0, factors.indexOf(1.0));
    out.printf("%,d steps, factor %s%n%n", sums.get(standard).steps(), factors.get(standard));
    CalibrationText.byKind(sums.get(standard)).forEach(out::println);
    out.println();
    Map<String, AlarmCounts> families = new TreeMap<>();
    found.forEach((family, counts) -> families.put(family, counts.get(standard)));
    CalibrationText.byFamily(families).forEach(out::println);
    if (factors.size() > 1) {
      out.println();
      CalibrationText.byFactor(factors, sums).forEach(out::println);
    }
  }
}
