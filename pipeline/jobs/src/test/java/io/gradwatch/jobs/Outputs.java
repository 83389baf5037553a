package io.gradwatch.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.backtest.Backtest;
import io.gradwatch.backtest.FindingsConsumer;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.core.monitor.RunWatch;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.BundledRuns;
import io.gradwatch.traces.RecordedRun;
import io.gradwatch.wire.RecordEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.IsolationLevel;

/**
 * What was published, by topic and run: the exact bytes of the values, in order, in hexadecimal.
 */
public final class Outputs {
  private final Map<String, Map<String, List<String>>> byTopic = new TreeMap<>();

  /** What the core says to these events without any Flink or Kafka. */
  public static Outputs straight(List<Samples.Sent> events) {
    return straight(events, PolicyBook.empty());
  }

  /** The same under policies. */
  public static Outputs straight(List<Samples.Sent> events, PolicyBook policies) {
    Outputs outputs = new Outputs();
    RecordEncoder encoder = new RecordEncoder();
    Map<String, RunWatch> watches = new HashMap<>();
    String project = Topics.DEFAULT_PROJECT;
    for (Samples.Sent sent : events) {
      RunEvent event = Samples.decoded(project, sent);
      Findings findings =
          watches
              .computeIfAbsent(sent.runId(), run -> new RunWatch(policies, project, run))
              .accept(event);
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

  /** What the backtest says to the bundled recorded runs. */
  public static Outputs backtest() throws IOException {
    return backtest(PolicyBook.empty());
  }

  /** The same under policies. */
  public static Outputs backtest(PolicyBook policies) throws IOException {
    Outputs outputs = new Outputs();
    RecordEncoder encoder = new RecordEncoder();
    String project = Topics.DEFAULT_PROJECT;
    Backtest backtest = new Backtest(project, policies);
    List<RecordedRun> runs = new ArrayList<>();
    for (String name : BundledRuns.names()) {
      runs.add(BundledRuns.open(name));
    }
    runs.add(RestlessRun.recorded());
    for (RecordedRun run : runs) {
      byte[] key = RecordEncoder.key(run.runId());
      backtest.run(
          run.runId(),
          run,
          new FindingsConsumer() {
            @Override
            public void alarm(Alarm alarm) {
              outputs.add(Topics.alarms(project), key, encoder.encode(alarm));
            }

            @Override
            public void recommendation(Recommendation advice) {
              outputs.add(Topics.recommendations(project), key, encoder.encode(advice));
            }

            @Override
            public void statistics(RunStatistics record) {
              outputs.add(Topics.statistics(project), key, encoder.encode(record));
            }
          });
    }
    return outputs;
  }

  /** What lies in topics now; of statistics what is committed. */
  public static Outputs published(KafkaCluster kafka, List<String> topics) {
    Outputs outputs = new Outputs();
    for (String topic : topics) {
      kafka
          .readAll(topic, IsolationLevel.READ_COMMITTED)
          .forEach(record -> outputs.add(topic, record.key(), record.value()));
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

  /** The alarms of the default project, run by run. */
  public List<DivergenceAlarm> alarms() {
    RecordCodec<DivergenceAlarm> codec = RecordCodec.of(DivergenceAlarm.class);
    List<DivergenceAlarm> alarms = new ArrayList<>();
    for (List<String> values : of(Topics.alarms(Topics.DEFAULT_PROJECT)).values()) {
      values.forEach(value -> alarms.add(decoded(codec, HexFormat.of().parseHex(value))));
    }
    return alarms;
  }

  /** Number of records of a topic. */
  public int count(String topic) {
    return of(topic).values().stream().mapToInt(List::size).sum();
  }

  /** The same without exact repetitions. */
  public Outputs distinct() {
    Outputs distinct = new Outputs();
    byTopic.forEach(
        (topic, runs) ->
            runs.forEach(
                (run, values) ->
                    distinct
                        .byTopic
                        .computeIfAbsent(topic, name -> new TreeMap<>())
                        .put(run, List.copyOf(new LinkedHashSet<>(values)))));
    return distinct;
  }

  /**
   * What comes after the first of it.
   *
   * @throws IllegalArgumentException when it does not begin with that
   */
  Outputs after(Outputs first) {
    Outputs rest = new Outputs();
    byTopic.forEach(
        (topic, runs) ->
            runs.forEach(
                (run, values) -> {
                  List<String> known = first.of(topic).getOrDefault(run, List.of());
                  if (!known.equals(values.subList(0, known.size()))) {
                    throw new IllegalArgumentException(topic + " does not begin so for " + run);
                  }
                  if (known.size() < values.size()) {
                    rest.byTopic
                        .computeIfAbsent(topic, name -> new TreeMap<>())
                        .put(run, List.copyOf(values.subList(known.size(), values.size())));
                  }
                }));
    return rest;
  }

  /** The same without the alarms of one kind. */
  Outputs without(AlarmKind kind) {
    Outputs rest = new Outputs();
    RecordCodec<DivergenceAlarm> codec = RecordCodec.of(DivergenceAlarm.class);
    byTopic.forEach(
        (topic, runs) ->
            runs.forEach(
                (run, values) ->
                    values.stream()
                        .map(HexFormat.of()::parseHex)
                        .filter(
                            value ->
                                !topic.equals(Topics.alarms(Topics.DEFAULT_PROJECT))
                                    || decoded(codec, value).getKind() != kind)
                        .forEach(value -> rest.add(topic, run.getBytes(UTF_8), value))));
    return rest;
  }

  private static DivergenceAlarm decoded(RecordCodec<DivergenceAlarm> codec, byte[] value) {
    try {
      return codec.decode(value);
    } catch (RecordFormatException e) {
      throw new AssertionError("no alarm: " + HexFormat.of().formatHex(value), e);
    }
  }

  /** Where this differs from what is expected in a topic; one line a run, none when it is equal. */
  public List<String> differences(String topic, Outputs expected) {
    Set<String> runs = new TreeSet<>(of(topic).keySet());
    runs.addAll(expected.of(topic).keySet());
    List<String> lines = new ArrayList<>();
    for (String run : runs) {
      List<String> mine = of(topic).getOrDefault(run, List.of());
      List<String> theirs = expected.of(topic).getOrDefault(run, List.of());
      if (!mine.equals(theirs)) {
        int same = 0;
        while (same < Math.min(mine.size(), theirs.size())
            && mine.get(same).equals(theirs.get(same))) {
          same++;
        }
        lines.add(
            "%s of %s: %d records, expected %d, equal up to %d"
                .formatted(topic, run, mine.size(), theirs.size(), same));
      }
    }
    return lines;
  }
}
