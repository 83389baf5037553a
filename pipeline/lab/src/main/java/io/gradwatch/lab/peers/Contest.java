package io.gradwatch.lab.peers;

import io.gradwatch.backtest.Backtests;
import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.backtest.RaisedAlarms;
import io.gradwatch.backtest.score.LabelledRun;
import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.lab.recordings.TraceFolder;
import io.gradwatch.traces.RunLabel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * The peers' rules and Gradwatch on the same recorded runs, judged by the same scorer.
 *
 * @param peers what each rule is worth, in the order of {@link Peer}
 * @param gradwatch what Gradwatch is worth with its defaults
 */
public record Contest(Map<Peer, Scorecard> peers, Scorecard gradwatch) {
  private static final String PROJECT = "default";

  /**
   * Runs everybody over all runs of a folder. The outcome does not depend on the number of threads.
   *
   * @throws IOException when a recording cannot be read
   */
  public static Contest hold(TraceFolder folder, int threads)
      throws IOException, InterruptedException {
    Map<String, Map<Peer, List<RaisedAlarm>>> ofPeers = runPeers(folder, threads);
    RaisedAlarms ofGradwatch = new RaisedAlarms();
    new Backtests(PROJECT, PolicyBook.empty(), threads)
        .run(List.copyOf(folder.files().values()), ofGradwatch);
    Map<Peer, Scorecard> peers = new LinkedHashMap<>();
    for (Peer peer : Peer.values()) {
      peers.put(
          peer,
          judge(folder, run -> ofPeers.getOrDefault(run, Map.of()).getOrDefault(peer, List.of())));
    }
    return new Contest(peers, judge(folder, ofGradwatch::of));
  }

  /** The peer with the highest score. */
  public Peer best() {
    return peers.entrySet().stream()
        .max(Comparator.comparingDouble(entry -> entry.getValue().score()))
        .orElseThrow()
        .getKey();
  }

  /** The peer with the most pages in time among those whose false pages stay below a rate. */
  public Peer bestBelow(double falsePagesPer10k) {
    return peers.entrySet().stream()
        .filter(entry -> entry.getValue().falsePagesPer10k() < falsePagesPer10k)
        .max(Comparator.comparingInt(entry -> entry.getValue().inTime().count()))
        .orElseThrow()
        .getKey();
  }

  /** What a rule is worth. */
  public Scorecard of(Peer peer) {
    Scorecard card = peers.get(peer);
    if (card == null) {
      throw new IllegalArgumentException(peer + " took no part");
    }
    return card;
  }

  private static Scorecard judge(TraceFolder folder, Function<String, List<RaisedAlarm>> alarms) {
    List<LabelledRun> runs = new ArrayList<>();
    folder
        .labels()
        .forEach(
            (run, label) -> runs.add(new LabelledRun(run, label, steps(label), alarms.apply(run))));
    return Scorecard.of(runs);
  }

  /** Labels of this module's sets say the length of their runs. */
  private static long steps(RunLabel label) {
    Long steps = label.steps();
    if (steps == null) {
      throw new IllegalArgumentException("a label does not say the number of steps");
    }
    return steps;
  }

  private static Map<String, Map<Peer, List<RaisedAlarm>>> runPeers(TraceFolder folder, int threads)
      throws IOException, InterruptedException {
    Map<String, Future<Map<Peer, List<RaisedAlarm>>>> underWay = new LinkedHashMap<>();
    Map<String, Map<Peer, List<RaisedAlarm>>> done = new LinkedHashMap<>();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      folder
          .files()
          .forEach((run, file) -> underWay.put(run, workers.submit(() -> PeerBacktest.run(file))));
      for (Map.Entry<String, Future<Map<Peer, List<RaisedAlarm>>>> run : underWay.entrySet()) {
        done.put(run.getKey(), run.getValue().get());
      }
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } finally {
      workers.shutdownNow();
    }
    return done;
  }
}
