package io.gradwatch.lab.throughput;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.lab.peers.Peer;
import io.gradwatch.lab.peers.PeerRule;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Rules of the peers on every run, a record for each verdict. What they remember of a run is kept
 * in the function's memory and enters no checkpoint, which makes them cheaper than a job that may
 * lose a machine.
 */
final class PeerRulesFunction extends KeyedProcessFunction<String, RunEvent, ProducedRecord> {
  private final List<Peer> peers;
  private transient Map<String, List<PeerRule>> rules;

  PeerRulesFunction(List<Peer> peers) {
    this.peers = peers;
  }

  @Override
  public void open(OpenContext context) {
    rules = new HashMap<>();
  }

  @Override
  public void processElement(RunEvent event, Context context, Collector<ProducedRecord> out) {
    if (!(event.body() instanceof Observation observation)) {
      return;
    }
    List<PeerRule> ofRun =
        rules.computeIfAbsent(event.runId(), any -> peers.stream().map(Peer::newRule).toList());
    for (PeerRule rule : ofRun) {
      PeerRule.Verdict verdict = rule.observe(observation);
      if (verdict != null) {
        out.collect(
            new ProducedRecord(
                Contestant.COPY,
                event.runId().getBytes(StandardCharsets.UTF_8),
                (event.step() + " " + verdict.kind()).getBytes(StandardCharsets.UTF_8),
                List.of()));
      }
    }
  }
}
