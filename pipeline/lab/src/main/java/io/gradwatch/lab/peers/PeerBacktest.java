package io.gradwatch.lab.peers;

import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import io.gradwatch.traces.RecordedRuns;
import io.gradwatch.wire.EventMapper;
import io.gradwatch.wire.UndecodableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A recorded run through the rules of all peers, read and decoded as for Gradwatch's backtest. */
final class PeerBacktest {
  private static final String PROJECT = "default";

  private final Map<Peer, PeerRule> rules = new EnumMap<>(Peer.class);
  private final Map<Peer, List<RaisedAlarm>> alarms = new EnumMap<>(Peer.class);

  private PeerBacktest() {
    for (Peer peer : Peer.values()) {
      rules.put(peer, peer.newRule());
      alarms.put(peer, new ArrayList<>());
    }
  }

  /**
   * Reads one file to its end.
   *
   * @return what each rule raised, in the order of the steps; a rule that speaks at several steps
   *     raises an alarm at each
   * @throws IOException when the file cannot be read or holds an event that cannot be decoded
   */
  static Map<Peer, List<RaisedAlarm>> run(Path file) throws IOException {
    PeerBacktest backtest = new PeerBacktest();
    try (RecordedRun run = RecordedRuns.open(file)) {
      for (TrainingEvent event = run.next(); event != null; event = run.next()) {
        backtest.accept(EventMapper.toCore(PROJECT, event));
      }
    } catch (UndecodableException e) {
      throw new IOException(file + " holds an event that the pipeline refuses", e);
    }
    return backtest.alarms;
  }

  private void accept(RunEvent event) {
    if (!(event.body() instanceof Observation observation)) {
      return;
    }
    rules.forEach(
        (peer, rule) -> {
          PeerRule.Verdict verdict = rule.observe(observation);
          if (verdict != null) {
            alarms
                .computeIfAbsent(peer, any -> new ArrayList<>())
                .add(new RaisedAlarm(event.step(), verdict.kind(), verdict.severity()));
          }
        });
  }
}
