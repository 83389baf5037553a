package io.gradwatch.cli.doctor;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.Counted;
import io.gradwatch.cli.kafka.Excerpt;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Does the job keep up? It commits with each checkpoint how far it has come, under a group that has
 * no members: Flink shares partitions out by itself.
 */
final class LagCheck implements Check {
  /** Checkpoints that may be late before records wait for too long. */
  private static final int LATE_CHECKPOINTS = 6;

  private static final Duration LEAST_PATIENCE = Duration.ofMinutes(1);

  /**
   * Unread events up to which the trainers' own times prove nothing: letters that were sent once
   * more are as old as when they were refused.
   */
  private static final long FEW_EVENTS = 100;

  private final Site site;
  private final Excerpt excerpt;

  LagCheck(Site site, Excerpt excerpt) {
    this.site = site;
    this.excerpt = excerpt;
  }

  /**
   * How far the job has come in one partition.
   *
   * @param committed where it goes on after a restart; null when it never committed
   * @param oldestUnread time of the first record that it has not read; null without one, or when it
   *     was not got in time
   */
  record Progress(
      int partition, long begin, long end, @Nullable Long committed, @Nullable Time oldestUnread) {

    /** The log was cut beyond where the job goes on. */
    boolean isBeforeBegin() {
      return committed != null && committed < begin;
    }

    boolean isBeyondEnd() {
      return committed != null && committed > end;
    }

    long unread() {
      return Math.max(0, end - Math.max(begin, committed == null ? begin : committed));
    }
  }

  /**
   * Time of a record.
   *
   * @param millis in milliseconds since 1970
   * @param brokers true when that is the broker's clock, false when the trainer's
   */
  record Time(long millis, boolean brokers) {}

  @Override
  public String name() {
    return "lag";
  }

  @Override
  public List<Finding> examine() throws ExecutionException, InterruptedException {
    Admin admin = site.admin();
    List<Finding> findings = new ArrayList<>(members());
    Map<TopicPartition, OffsetAndMetadata> committed = committed();
    Set<String> there = admin.listTopics().names().get();
    for (String project : site.projects()) {
      if (there.contains(Topics.events(project))) {
        List<Progress> progress = progress(Topics.events(project), committed);
        findings.add(judge(project, progress, System.currentTimeMillis()));
      }
    }
    return findings;
  }

  private String group() {
    return site.job().get(JobOptions.GROUP_ID);
  }

  private Map<TopicPartition, OffsetAndMetadata> committed()
      throws ExecutionException, InterruptedException {
    try {
      return site.admin().listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw e;
    }
  }

  private List<Finding> members() throws ExecutionException, InterruptedException {
    try {
      int members = site.group(group()).members().size();
      return members == 0
          ? List.of()
          : List.of(
              Finding.note(
                  name(),
                  "group " + group(),
                  members
                      + " consumer(s) have joined the job's group; what they commit hides its lag",
                  "none: Flink joins no group",
                  "let them use another group.id: "
                      + site.remedies()
                          .kafka(
                              "kafka-consumer-groups.sh",
                              "--describe",
                              "--members",
                              "--group",
                              group())));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return List.of();
      }
      throw e;
    }
  }

  private List<Progress> progress(
      String topic, Map<TopicPartition, @Nullable OffsetAndMetadata> committed)
      throws ExecutionException, InterruptedException {
    Admin admin = site.admin();
    List<TopicPartition> partitions =
        requireNonNull(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic))
            .partitions()
            .stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    var begins = admin.listOffsets(of(partitions, OffsetSpec.earliest())).all().get();
    var ends = admin.listOffsets(of(partitions, OffsetSpec.latest())).all().get();
    List<Progress> progress = new ArrayList<>();
    Map<TopicPartition, Long> unread = new HashMap<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata place = committed.get(partition);
      Progress one =
          new Progress(
              partition.partition(),
              requireNonNull(begins.get(partition)).offset(),
              requireNonNull(ends.get(partition)).offset(),
              place == null ? null : place.offset(),
              null);
      progress.add(one);
      if (one.unread() > 0) {
        unread.put(partition, one.end() - one.unread());
      }
    }
    Map<TopicPartition, ConsumerRecord<byte[], byte[]>> oldest = excerpt.at(unread);
    return progress.stream()
        .map(one -> dated(one, oldest.get(new TopicPartition(topic, one.partition()))))
        .toList();
  }

  private static Progress dated(Progress one, @Nullable ConsumerRecord<byte[], byte[]> oldest) {
    return new Progress(
        one.partition(),
        one.begin(),
        one.end(),
        one.committed(),
        oldest == null
            ? null
            : new Time(
                oldest.timestamp(), oldest.timestampType() == TimestampType.LOG_APPEND_TIME));
  }

  Finding judge(String project, List<Progress> all, long nowMillis) {
    String subject = "project " + project;
    long unread = all.stream().mapToLong(Progress::unread).sum();
    Duration patience = patience();
    String bound =
        "group "
            + group()
            + " commits; the oldest unread event is at most "
            + patience.toSeconds()
            + " s old";
    Age age = Age.of(all, nowMillis);
    boolean isLate = age.provesLongerThan(patience, unread);
    if (all.stream().allMatch(one -> one.committed() == null)) {
      if (unread == 0) {
        return Finding.note(name(), subject, "no events, and no job has read any", bound, "");
      }
      String found = Counted.of(unread, "event") + ", and no job has committed any";
      String remedy =
          "start the job; if it runs, it uses another gradwatch.group-id (say --group-id), or no"
              + " checkpoint completes: look at its log and at execution.checkpointing.dir";
      return !isLate
          ? Finding.note(name(), subject, found + " yet", bound, "wait a minute; then " + remedy)
          : Finding.problem(name(), subject, found, bound, remedy);
    }
    List<Integer> lost = partitions(all, Progress::isBeforeBegin);
    if (!lost.isEmpty()) {
      return Finding.problem(
          name(),
          subject,
          "in partitions " + lost + " events were deleted before the job read them",
          bound,
          "start the job, or give it more slots; retention.ms of "
              + Topics.events(project)
              + " has to outlast its longest break");
    }
    List<Integer> beyond = partitions(all, Progress::isBeyondEnd);
    if (!beyond.isEmpty()) {
      return Finding.problem(
          name(),
          subject,
          "in partitions "
              + beyond
              + " the job has committed more than there is: the topic was made anew",
          bound,
          "stop the job and start it without its old state, from EARLIEST");
    }
    if (unread == 0) {
      return Finding.ok(name(), subject, "all events are read", bound);
    }
    String found = Counted.of(unread, "event") + " unread, " + age.inWords();
    String remedy =
        "start the job if it is down; if it runs, its checkpoints fail (look at its log) or it"
            + " needs more slots (parallelism)";
    if (isLate) {
      return Finding.problem(name(), subject, found, bound, remedy);
    }
    return age.isWithin(patience)
        ? Finding.ok(name(), subject, found, bound)
        : Finding.note(
            name(),
            subject,
            found,
            bound,
            "ask again in " + patience.toSeconds() + " s; if no fewer are unread, " + remedy);
  }

  /**
   * How long events wait.
   *
   * @param oldest time of the oldest that was got; null when none was
   * @param isWhole false when a partition's oldest was not got, so that there may be older ones
   */
  private record Age(@Nullable Time oldest, boolean isWhole, long nowMillis) {
    static Age of(List<Progress> all, long nowMillis) {
      @Nullable Time oldest = null;
      boolean isWhole = true;
      for (Progress one : all) {
        Time time = one.oldestUnread();
        isWhole &= time != null || one.unread() == 0;
        if (time != null && (oldest == null || time.millis() < oldest.millis())) {
          oldest = time;
        }
      }
      return new Age(oldest, isWhole, nowMillis);
    }

    boolean provesLongerThan(Duration patience, long unread) {
      return oldest != null
          && nowMillis - oldest.millis() > patience.toMillis()
          && (oldest.brokers() || unread > FEW_EVENTS);
    }

    boolean isWithin(Duration patience) {
      return oldest != null && isWhole && nowMillis - oldest.millis() <= patience.toMillis();
    }

    String inWords() {
      if (oldest == null) {
        return "of unknown age: none of them was got in time";
      }
      return "the oldest "
          + (isWhole ? "" : "that was got in time ")
          + Math.max(0, nowMillis - oldest.millis()) / 1000
          + " s old"
          + (oldest.brokers() ? "" : " by its trainer's clock (CreateTime)");
    }
  }

  private static List<Integer> partitions(List<Progress> all, Predicate<Progress> which) {
    return all.stream().filter(which).map(Progress::partition).collect(Collectors.toList());
  }

  private Duration patience() {
    Duration some = site.job().get(JobOptions.CHECKPOINT_INTERVAL).multipliedBy(LATE_CHECKPOINTS);
    return some.compareTo(LEAST_PATIENCE) >= 0 ? some : LEAST_PATIENCE;
  }

  private static Map<TopicPartition, OffsetSpec> of(
      List<TopicPartition> partitions, OffsetSpec spec) {
    return partitions.stream().collect(Collectors.toMap(partition -> partition, unused -> spec));
  }
}
