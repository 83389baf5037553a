package io.gradwatch.lab.robustness;

import static java.util.Objects.requireNonNull;

import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.Setting;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.lab.recordings.TraceFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/** {@code lab sensitivity}. */
@Command(
    name = "sensitivity",
    description = {
      "Scores the detectors with each threshold multiplied by each factor, one at a time.",
      "Thresholds that were tuned to the recordings show as a score that falls."
    })
public final class SensitivityCommand implements Callable<Integer> {
  private record Trial(Setting setting, double factor, Future<Scorecard> card) {}

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = TraceFolder.DEFAULT,
      description = "Recordings with labels.json. Default: traces/dev of this module.")
  private Path folder = Path.of(TraceFolder.DEFAULT);

  @Option(names = "--factors", split = ",", description = "Default: 0.7,1.4.")
  private List<Double> factors = List.of(0.7, 1.4);

  @Option(names = "--threads", paramLabel = "N", description = "Default: the processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TraceFolder set = TraceFolder.open(folder);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      Future<Scorecard> standard =
          workers.submit(() -> Scorecard.of(Robustness.run(set, PolicyBook.empty())));
      List<Trial> trials = new ArrayList<>();
      for (Setting setting : SettingsCatalog.all()) {
        for (double factor : factors) {
          submit(workers, set, setting, factor, trials);
        }
      }
      print(out, standard.get(), trials);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } finally {
      workers.shutdownNow();
    }
    return 0;
  }

  private static void submit(
      ExecutorService workers,
      TraceFolder set,
      Setting setting,
      double factor,
      List<Trial> trials) {
    double value = setting.standard() * factor;
    double given = setting.whole() ? Math.max(1, Math.rint(value)) : value;
    if (setting.kind() == null || given == setting.standard()) {
      return;
    }
    Settings settings = Settings.NONE.with(setting.kind(), setting.name(), given);
    if (SettingsCatalog.problems(settings).isEmpty()) {
      PolicyBook policies = PolicyBook.of(settings);
      trials.add(
          new Trial(
              setting, factor, workers.submit(() -> Scorecard.of(Robustness.run(set, policies)))));
    }
  }

  private static void print(PrintWriter out, Scorecard standard, List<Trial> trials)
      throws InterruptedException, ExecutionException {
    out.println("| threshold | times | " + ScoreColumns.HEAD + " | score | change |");
    out.println("|---|---|" + ScoreColumns.RULE + "---|---|");
    int same = 0;
    for (Trial trial : trials) {
      Scorecard card = trial.card().get();
      if (card.score() == standard.score()) {
        same++;
        continue;
      }
      out.printf(
          Locale.ROOT,
          "| %s | %s | %s | %.3f | %+.3f |%n",
          trial.setting().path(),
          trial.factor(),
          ScoreColumns.of(card),
          card.score(),
          card.score() - standard.score());
      out.flush();
    }
    out.printf("%n%d of %d trials change nothing.%n", same, trials.size());
    out.flush();
  }
}
