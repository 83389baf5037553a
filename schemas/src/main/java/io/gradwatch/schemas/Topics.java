package io.gradwatch.schemas;

import io.gradwatch.schemas.TopicSpec.Cleanup;
import io.gradwatch.schemas.TopicSpec.KeyedBy;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of the topics. A project has its own event and output topics, so that Kafka's ACLs separate
 * projects: the topic is the project. The number after v changes only when a record could no longer
 * be read by older readers.
 */
public final class Topics {
  /** The project of those who have only one. */
  public static final String DEFAULT_PROJECT = "default";

  /** What could not be decoded, of all projects. */
  public static final String DEAD_LETTERS = "gradwatch.dead-letters.v1";

  /** Policies of the fleet, the projects and the runs. */
  public static final String POLICIES = "gradwatch.policies.v1";

  /** Incidents of the fleet. */
  public static final String INCIDENTS = "gradwatch.incidents.v1";

  /** What people silenced. */
  public static final String SILENCES = "gradwatch.silences.v1";

  /** Which alarms somebody looks after. */
  public static final String ACKNOWLEDGEMENTS = "gradwatch.acknowledgements.v1";

  /** Which alarms were right, told with hindsight. */
  public static final String JUDGEMENTS = "gradwatch.judgements.v1";

  /** What the targets of alarms have been told. */
  public static final String DELIVERIES = "gradwatch.deliveries.v1";

  private static final String PROJECT = "[a-z0-9-]{1,64}";
  private static final Pattern PROJECT_NAME = Pattern.compile(PROJECT);
  private static final Pattern PROJECT_TOPIC =
      Pattern.compile(
          "gradwatch\\.(?:events|alarms|recommendations|statistics)\\.v1\\.(" + PROJECT + ")");

  /** The event topics of all projects, for a subscription. */
  public static final Pattern EVENTS_PATTERN = ofAllProjects("events");

  /** The alarm topics of all projects, for a subscription. */
  public static final Pattern ALARMS_PATTERN = ofAllProjects("alarms");

  /** The recommendation topics of all projects, for a subscription. */
  public static final Pattern RECOMMENDATIONS_PATTERN = ofAllProjects("recommendations");

  /** The statistics topics of all projects, for a subscription. */
  public static final Pattern STATISTICS_PATTERN = ofAllProjects("statistics");

  /** What the names of all event topics begin with, and of no others; for an ACL. */
  public static final String EVENTS_PREFIX = prefix("events");

  /** What the names of all alarm topics begin with, and of no others. */
  public static final String ALARMS_PREFIX = prefix("alarms");

  /** What the names of all recommendation topics begin with, and of no others. */
  public static final String RECOMMENDATIONS_PREFIX = prefix("recommendations");

  /** What the names of all statistics topics begin with, and of no others. */
  public static final String STATISTICS_PREFIX = prefix("statistics");

  /**
   * Enough for some thousand runs at once; more partitions later would tear a run's order apart.
   */
  private static final int PROJECT_PARTITIONS = 12;

  private static final Duration WEEK = Duration.ofDays(7);

  /** How far ahead of the time from which it holds a policy may be published. */
  public static final Duration MAX_POLICY_LEAD = Duration.ofDays(1);

  /**
   * For how long every policy stays in its topic, however often it is replaced: as long as events
   * can be read again, so that they are judged by what held for them.
   */
  public static final Duration POLICY_HISTORY = WEEK.plus(MAX_POLICY_LEAD);

  private static final Duration QUARTER = Duration.ofDays(90);

  /** Longest time from now to the end of a silence: less than its topic keeps it for. */
  public static final Duration MAX_SILENCE = Duration.ofDays(60);

  private Topics() {}

  /** Events of a project's runs. */
  public static String events(String project) {
    return ofProject("events", project);
  }

  /** Alarms of a project's runs. */
  public static String alarms(String project) {
    return ofProject("alarms", project);
  }

  /** Clip advice for a project's runs. */
  public static String recommendations(String project) {
    return ofProject("recommendations", project);
  }

  /** Rolling statistics of a project's runs. */
  public static String statistics(String project) {
    return ofProject("statistics", project);
  }

  /**
   * The project whose topic this is.
   *
   * @throws IllegalArgumentException when it is no project's topic
   */
  public static String project(String topic) {
    Matcher matcher = PROJECT_TOPIC.matcher(topic);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "topic is '" + topic + "', must look like gradwatch.events.v1.PROJECT");
    }
    return matcher.group(1);
  }

  /**
   * The name, when it is a project's.
   *
   * @throws IllegalArgumentException when it is not 1 to 64 lower-case letters, digits and dashes
   */
  public static String checkProject(String project) {
    if (!PROJECT_NAME.matcher(project).matches()) {
      throw new IllegalArgumentException(
          "project is '" + project + "', must be 1 to 64 lower-case letters, digits and dashes");
    }
    return project;
  }

  /** The topics of one project. */
  public static List<TopicSpec> specs(String project) {
    return List.of(
        new TopicSpec(events(project), PROJECT_PARTITIONS, Cleanup.DELETE, WEEK, KeyedBy.RUN_ID),
        new TopicSpec(alarms(project), PROJECT_PARTITIONS, Cleanup.DELETE, QUARTER, KeyedBy.RUN_ID),
        new TopicSpec(
            recommendations(project), PROJECT_PARTITIONS, Cleanup.COMPACT, null, KeyedBy.RUN_ID),
        new TopicSpec(
            statistics(project), PROJECT_PARTITIONS, Cleanup.DELETE, WEEK, KeyedBy.RUN_ID));
  }

  /** The topics of the job that all projects share. */
  public static List<TopicSpec> sharedSpecs() {
    return List.of(
        new TopicSpec(DEAD_LETTERS, 3, Cleanup.DELETE, QUARTER, KeyedBy.ORIGINAL),
        new TopicSpec(POLICIES, 1, Cleanup.COMPACT, POLICY_HISTORY, KeyedBy.POLICY_SCOPE_AND_NAME),
        new TopicSpec(INCIDENTS, 1, Cleanup.DELETE, QUARTER, KeyedBy.INCIDENT_ID));
  }

  /** The topics in which consoles and routers keep what people say; the job knows none of them. */
  public static List<TopicSpec> consoleSpecs() {
    return List.of(
        new TopicSpec(SILENCES, 1, Cleanup.COMPACT_DELETE, QUARTER, KeyedBy.SILENCE_ID),
        new TopicSpec(ACKNOWLEDGEMENTS, 1, Cleanup.COMPACT_DELETE, QUARTER, KeyedBy.ALARM_ID),
        new TopicSpec(JUDGEMENTS, 1, Cleanup.COMPACT, null, KeyedBy.ALARM_ID),
        new TopicSpec(DELIVERIES, 1, Cleanup.COMPACT_DELETE, QUARTER, KeyedBy.TARGET_AND_ALARM_ID));
  }

  /** All topics that an installation with one project needs. */
  public static List<TopicSpec> allSpecs(String project) {
    return Stream.of(specs(project), sharedSpecs(), consoleSpecs()).flatMap(List::stream).toList();
  }

  private static String ofProject(String kind, String project) {
    return prefix(kind) + checkProject(project);
  }

  private static Pattern ofAllProjects(String kind) {
    return Pattern.compile(Pattern.quote(prefix(kind)) + PROJECT);
  }

  private static String prefix(String kind) {
    return "gradwatch." + kind + ".v1.";
  }
}
