package io.gradwatch.lab.robustness;

import static java.util.Objects.requireNonNull;

import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.lab.recordings.TraceFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
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

/** {@code lab robustness}. */
@Command(
    name = "robustness",
    description =
        "Scores the detectors on the same runs told differently: a column less, another scale.")
public final class RobustnessCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = TraceFolder.DEFAULT,
      description = "Recordings with labels.json. Default: traces/dev of this module.")
  private Path folder = Path.of(TraceFolder.DEFAULT);

  @Option(names = "--threads", paramLabel = "N", description = "Default: the processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Map<Perturbation, Scorecard> cards = scoreAll(TraceFolder.open(folder));
    Scorecard asRecorded = requireNonNull(cards.get(Perturbation.NONE));
    out.println("| the same runs | " + ScoreColumns.HEAD + " | score | change |");
    out.println("|---|" + ScoreColumns.RULE + "---|---|");
    cards.forEach(
        (perturbation, card) ->
            out.printf(
                Locale.ROOT,
                "| %s | %s | %.3f | %+.3f |%n",
                perturbation.words(),
                ScoreColumns.of(card),
                card.score(),
                card.score() - asRecorded.score()));
    out.flush();
    return 0;
  }

  private Map<Perturbation, Scorecard> scoreAll(TraceFolder set)
      throws IOException, InterruptedException {
    Map<Perturbation, Scorecard> cards = new EnumMap<>(Perturbation.class);
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      Map<Perturbation, Future<Scorecard>> underWay = new EnumMap<>(Perturbation.class);
      for (Perturbation perturbation : Perturbation.values()) {
        underWay.put(
            perturbation, workers.submit(() -> Scorecard.of(Robustness.run(set, perturbation))));
      }
      for (Map.Entry<Perturbation, Future<Scorecard>> entry : underWay.entrySet()) {
        cards.put(entry.getKey(), entry.getValue().get());
      }
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } finally {
      workers.shutdownNow();
    }
    return cards;
  }
}
