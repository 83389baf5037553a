package io.gradwatch.cli.doctor;

import io.gradwatch.agent.Counted;
import io.gradwatch.cli.doctor.Finding.Severity;
import io.gradwatch.cli.kafka.TopicPlan;
import io.gradwatch.cli.kafka.TopicPlan.Difference;
import io.gradwatch.cli.kafka.TopicPlan.Entry;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.Limits;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.TopicSpec.Cleanup;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Are the topics there, and as the contract has them? */
final class TopicsCheck implements Check {
  private static final String TIMESTAMP_TYPE = "message.timestamp.type";

  /** Key, headers and batch of the largest record. */
  private static final int RECORD_OVERHEAD_BYTES = 64 * 1024;

  private final Site site;

  TopicsCheck(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "topics";
  }

  @Override
  public List<Finding> examine() throws ExecutionException, InterruptedException {
    return judge(TopicPlan.make(site.admin(), site.specs()));
  }

  List<Finding> judge(TopicPlan plan) {
    Map<String, Entry> byName =
        plan.entries().stream().collect(Collectors.toMap(entry -> entry.spec().name(), e -> e));
    List<Finding> findings = new ArrayList<>();
    for (String project : site.projects()) {
      List<Entry> entries =
          Topics.specs(project).stream().map(spec -> byName.get(spec.name())).toList();
      findings.addAll(ofGroup("project " + project, project, entries, entries.get(0).settings()));
      findings.addAll(partitionsThatDiffer(project, entries));
    }
    for (Map.Entry<String, List<TopicSpec>> group :
        List.of(
            Map.entry("shared", Topics.sharedSpecs()),
            Map.entry("console", Topics.consoleSpecs()))) {
      List<Entry> entries = group.getValue().stream().map(spec -> byName.get(spec.name())).toList();
      findings.addAll(ofGroup(group.getKey(), site.projects().get(0), entries, Map.of()));
    }
    return findings;
  }

  /**
   * Topics that belong together.
   *
   * @param events settings of the project's event topic, from which the outputs' times come
   */
  private List<Finding> ofGroup(
      String subject, String project, List<Entry> entries, Map<String, String> events) {
    List<Finding> findings = new ArrayList<>();
    for (Entry entry : entries) {
      if (!entry.exists()) {
        findings.add(missing(entry.spec(), project));
      }
      for (Difference difference : entry.differences()) {
        findings.add(different(entry.spec(), difference, events));
      }
      findings.addAll(brokersTime(entry));
      findings.addAll(longerThanRunsAreKnown(entry));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(name(), subject, Counted.of(entries.size(), "topic") + " as planned", ""));
    }
    return findings;
  }

  private Finding missing(TopicSpec spec, String project) {
    return Finding.problem(
        name(),
        spec.name(),
        "missing, or this principal may not see it",
        TopicPlan.settings(spec),
        site.remedies().gradwatch("topics", "create", "--project", project));
  }

  private Finding different(TopicSpec spec, Difference difference, Map<String, String> events) {
    Severity severity = severity(spec, difference, events);
    return new Finding(
        name(),
        spec.name(),
        severity,
        difference.name() + " is " + difference.found(),
        difference.wanted(),
        remedy(spec, difference, severity));
  }

  /** A command only where it deletes nothing; who copies one does not read what it costs. */
  private String remedy(TopicSpec spec, Difference difference, Severity severity) {
    return switch (difference.name()) {
      case TopicPlan.PARTITIONS -> otherPartitions(spec);
      case "retention.ms", "min.compaction.lag.ms" ->
          severity == Severity.NOTE
              ? "leave it: as planned, what is older would be deleted"
              : site.remedies().setTopic(spec.name(), difference.name(), difference.wanted());
      default -> site.remedies().setTopic(spec.name(), difference.name(), difference.wanted());
    };
  }

  private String otherPartitions(TopicSpec spec) {
    if (spec.name().equals(Topics.POLICIES)) {
      return "only a topic made anew has fewer partitions, and with the old one every policy is"
          + " gone: first keep what "
          + site.remedies().gradwatch("policy", "list")
          + " shows, stop the job, make the topic anew, and publish all policies again before the"
          + " job starts";
    }
    boolean ofProject =
        Stream.concat(Topics.sharedSpecs().stream(), Topics.consoleSpecs().stream())
            .noneMatch(shared -> shared.name().equals(spec.name()));
    return "leave it: what belongs together stays in order within its partition; to add partitions"
        + " later tears that apart"
        + (ofProject ? "; if you need others, begin a new project" : "");
  }

  private Severity severity(TopicSpec spec, Difference difference, Map<String, String> events) {
    boolean harmless =
        switch (difference.name()) {
          // The job tells versions of policies apart by their offset, so one partition has them.
          case TopicPlan.PARTITIONS -> !spec.name().equals(Topics.POLICIES);
          case "retention.ms", "min.compaction.lag.ms" ->
              unlimited(difference.found()) >= unlimited(difference.wanted());
          case "max.message.bytes" -> number(difference.found()) >= largestRecord(spec);
          // What the event topic has taken, the outputs must take.
          case "message.timestamp.before.max.ms", "message.timestamp.after.max.ms" ->
              events.containsKey(difference.name())
                  && number(difference.found())
                      >= number(events.getOrDefault(difference.name(), ""));
          default -> false;
        };
    return harmless ? Severity.NOTE : Severity.PROBLEM;
  }

  private long largestRecord(TopicSpec spec) {
    long value =
        spec.name().equals(Topics.DEAD_LETTERS)
            ? site.job().get(JobOptions.DEAD_LETTER_MAX_SIZE).getBytes()
            : Limits.MAX_RECORD_BYTES;
    return value + RECORD_OVERHEAD_BYTES;
  }

  /** Records of the pipeline have the time of their event, removals of policies the time set. */
  private List<Finding> brokersTime(Entry entry) {
    boolean events = Topics.EVENTS_PATTERN.matcher(entry.spec().name()).matches();
    if (events || !"LogAppendTime".equals(entry.settings().get(TIMESTAMP_TYPE))) {
      return List.of();
    }
    boolean policies = entry.spec().name().equals(Topics.POLICIES);
    return List.of(
        new Finding(
            name(),
            entry.spec().name(),
            policies ? Severity.PROBLEM : Severity.NOTE,
            TIMESTAMP_TYPE
                + " is LogAppendTime"
                + (policies ? ": removed policies end when the broker says" : ""),
            "CreateTime",
            site.remedies().setTopic(entry.spec().name(), TIMESTAMP_TYPE, "CreateTime")));
  }

  /** Whose events can be read again must not be forgotten before. */
  private List<Finding> longerThanRunsAreKnown(Entry entry) {
    boolean events = Topics.EVENTS_PATTERN.matcher(entry.spec().name()).matches();
    long expiryMillis = site.job().get(JobOptions.RUN_EXPIRY).toMillis();
    String retention = entry.settings().getOrDefault("retention.ms", "0");
    if (!events
        || entry.spec().cleanup() != Cleanup.DELETE
        || unlimited(retention) <= expiryMillis) {
      return List.of();
    }
    return List.of(
        Finding.note(
            name(),
            entry.spec().name(),
            "events are kept for " + retention + " ms, runs are known for " + expiryMillis + " ms",
            "a run that is read again after it was forgotten counts as a new one",
            "start the job with -D" + JobOptions.RUN_EXPIRY.name() + " as long as the retention"));
  }

  private List<Finding> partitionsThatDiffer(String project, List<Entry> entries) {
    List<String> counts =
        entries.stream()
            .filter(Entry::exists)
            .map(entry -> entry.settings().getOrDefault(TopicPlan.PARTITIONS, ""))
            .toList();
    if (counts.stream().distinct().count() <= 1) {
      return List.of();
    }
    return List.of(
        Finding.note(
            name(),
            "project " + project,
            "its topics have " + String.join(", ", counts) + " partitions",
            "as many each, so that a run has one number everywhere",
            "nothing breaks; mend it with the next project"));
  }

  /** Kafka writes "for ever" as -1. */
  private static long unlimited(String text) {
    long value = number(text);
    return value < 0 ? Long.MAX_VALUE : value;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
