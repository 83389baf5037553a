package io.gradwatch.jobs.faults;

import io.gradwatch.jobs.Outputs;
import io.gradwatch.jobs.Samples;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/**
 * Holds topics against what should be in them. Where the job promises exactly once, every run's
 * records have to be those expected in their order; where it promises at least once, some may come
 * again, with the same bytes.
 */
final class Checker {
  static final String ALARMS = Topics.alarms(Topics.DEFAULT_PROJECT);
  static final String RECOMMENDATIONS = Topics.recommendations(Topics.DEFAULT_PROJECT);
  static final String STATISTICS = Topics.statistics(Topics.DEFAULT_PROJECT);

  private static final List<String> ONCE = List.of(Samples.EVENTS, STATISTICS);
  private static final List<String> AT_LEAST_ONCE =
      List.of(ALARMS, RECOMMENDATIONS, Topics.DEAD_LETTERS);

  /** Every topic that is checked. */
  static final List<String> TOPICS =
      List.of(Samples.EVENTS, STATISTICS, ALARMS, RECOMMENDATIONS, Topics.DEAD_LETTERS);

  /** So many of a kind are told; one may stand for thousands. */
  private static final int MOST_TOLD = 10;

  static {
    AvroLimits.ensure();
  }

  private static final RecordCodec<DivergenceAlarm> ALARM = RecordCodec.of(DivergenceAlarm.class);
  private static final RecordCodec<ClipRecommendation> ADVICE =
      RecordCodec.of(ClipRecommendation.class);
  private static final RecordCodec<RunStatistics> RUN_STATISTICS =
      RecordCodec.of(RunStatistics.class);

  private final List<String> violations = new ArrayList<>();

  private Checker() {}

  /**
   * What is wrong; nothing when all is well.
   *
   * @param expected of all {@link #TOPICS}
   * @param found what readers of committed records find there
   */
  static List<String> violations(Outputs expected, Outputs found) {
    Checker checker = new Checker();
    ONCE.forEach(topic -> checker.check(topic, true, expected, found));
    AT_LEAST_ONCE.forEach(topic -> checker.check(topic, false, expected, found));
    return checker.violations;
  }

  private void check(String topic, boolean once, Outputs expected, Outputs found) {
    Set<String> runs = new TreeSet<>(expected.of(topic).keySet());
    runs.addAll(found.of(topic).keySet());
    for (String run : runs) {
      List<String> right = expected.of(topic).getOrDefault(run, List.of());
      List<String> there = found.of(topic).getOrDefault(run, List.of());
      int before = violations.size();
      Map<String, Integer> timesRight = times(right);
      Map<String, Integer> timesThere = times(there);
      Set<String> ofKnownId = new TreeSet<>();
      right.forEach(value -> ofKnownId.add(id(topic, value)));
      List<String> told = new ArrayList<>();
      timesRight.forEach(
          (value, times) -> {
            int present = timesThere.getOrDefault(value, 0);
            if (present < (once ? times : 1)) {
              told.add("lost: " + id(topic, value));
            } else if (once && present > times) {
              told.add("%d times instead of %d: %s".formatted(present, times, id(topic, value)));
            }
          });
      timesThere.forEach(
          (value, times) -> {
            if (!timesRight.containsKey(value)) {
              String id = id(topic, value);
              told.add((ofKnownId.contains(id) ? "changed: " : "not expected: ") + id);
            }
          });
      tell(topic, run, told);
      if (once && violations.size() == before && !right.equals(there)) {
        violations.add("%s of %s: all there, in another order".formatted(topic, run));
      }
    }
  }

  private void tell(String topic, String run, List<String> told) {
    told.stream()
        .limit(MOST_TOLD)
        .map(line -> "%s of %s: %s".formatted(topic, run, line))
        .forEach(violations::add);
    if (told.size() > MOST_TOLD) {
      violations.add("%s of %s: and %d more".formatted(topic, run, told.size() - MOST_TOLD));
    }
  }

  private static Map<String, Integer> times(List<String> values) {
    Map<String, Integer> times = new LinkedHashMap<>();
    values.forEach(value -> times.merge(value, 1, Integer::sum));
    return times;
  }

  /** What makes a record one that consumers take once; bytes of others stand for themselves. */
  private static String id(String topic, String value) {
    if (topic.equals(ALARMS)) {
      return read(ALARM, value, it -> "alarm " + it.getAlarmId() + " rev " + it.getRevision());
    }
    if (topic.equals(RECOMMENDATIONS)) {
      return read(
          ADVICE,
          value,
          it -> "advice of attempt " + it.getAttempt() + " step " + it.getMadeAtStep());
    }
    if (topic.equals(STATISTICS)) {
      return read(
          RUN_STATISTICS,
          value,
          it ->
              "statistics of attempt %d step %d, %d steps seen, %d alarms"
                  .formatted(it.getAttempt(), it.getStep(), it.getStepsSeen(), it.getOpenAlarms()));
    }
    return "bytes " + value;
  }

  private static <T extends SpecificRecord> String read(
      RecordCodec<T> codec, String value, Function<T, String> id) {
    try {
      return id.apply(codec.decode(HexFormat.of().parseHex(value)));
    } catch (RecordFormatException e) {
      return "undecodable " + value;
    }
  }
}
