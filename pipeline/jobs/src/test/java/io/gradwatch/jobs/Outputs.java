package io.gradwatch.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was published, by topic and run: the exact bytes of the values, in order, in hexadecimal.
 */
public final class Outputs {
  private final Map<String, Map<String, List<String>>> byTopic = new TreeMap<>();

  /** What the core says to these events without any Flink or Kafka. */
  public static Outputs straight(List<Samples.Sent> events) {
    Outputs outputs = new Outputs();
    RecordEncoder encoder = new RecordEncoder();
    RunMonitor monitor = new RunMonitor(Policy.defaults());
    Map<String, RunState> states = new HashMap<>();
    String project = Topics.DEFAULT_PROJECT;
    for (Samples.Sent sent : events) {
      RunEvent event = Samples.decoded(project, sent);
      Findings findings =
          monitor.accept(states.computeIfAbsent(sent.runId(), run -> new RunState()), event);
      findings
          .alarms()
          .forEach(alarm -> outputs.add(Topics.alarms(project), sent, encoder.encode(alarm)));
      findings
          .recommendations()
          .forEach(
              advice -> outputs.add(Topics.recommendations(project), sent, encoder.encode(advice)));
      findings
          .statistics()
          .forEach(record -> outputs.add(Topics.statistics(project), sent, encoder.encode(record)));
    }
    return outputs;
  }

  /** Adds a published record. */
  public void add(String topic, byte[] key, byte[] value) {
    byTopic
        .computeIfAbsent(topic, name -> new TreeMap<>())
        .computeIfAbsent(new String(key, UTF_8), run -> new ArrayList<>())
        .add(HexFormat.of().formatHex(value));
  }

  private void add(String topic, Samples.Sent cause, byte[] value) {
    add(topic, RecordEncoder.key(cause.runId()), value);
  }

  /** Records of a topic by run. */
  public Map<String, List<String>> of(String topic) {
    return byTopic.getOrDefault(topic, Map.of());
  }

  /** The same without exact repetitions. */
  public Map<String, List<String>> distinct(String topic) {
    Map<String, List<String>> distinct = new TreeMap<>();
    of(topic).forEach((run, values) -> distinct.put(run, List.copyOf(new LinkedHashSet<>(values))));
    return distinct;
  }

  /** Number of records of a topic. */
  public int count(String topic) {
    return of(topic).values().stream().mapToInt(List::size).sum();
  }
}
