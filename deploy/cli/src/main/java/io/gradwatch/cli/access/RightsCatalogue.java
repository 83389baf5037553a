package io.gradwatch.cli.access;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The least rights with which each role works.
 *
 * <p>A trainer's are on whole names: with a prefix, the project {@code vision} would have those of
 * {@code vision-2}. Nobody needs IdempotentWrite on the cluster: since Kafka 2.8 who may write to
 * any topic may do so idempotently. Reading without a consumer group needs no right on one.
 *
 * @param groupId the job's {@code gradwatch.group-id}
 * @param transactionalIdPrefix the job's {@code gradwatch.transactional-id-prefix}
 * @param createTopics whether job and operator create topics; else somebody else has to
 */
public record RightsCatalogue(String groupId, String transactionalIdPrefix, boolean createTopics) {
  private static final String ROUTER_GROUP = "gradwatch-router";

  /** What the trainings of one project do. */
  public List<Right> trainer(String project) {
    return List.of(
        Right.onTopic(Topics.events(project), WRITE, "publishes events"),
        Right.onTopic(Topics.recommendations(project), READ, "reads its advice"));
  }

  /** What the job does, for all projects. */
  public List<Right> job() {
    List<Right> rights =
        new ArrayList<>(
            List.of(
                Right.onTopics(Topics.EVENTS_PREFIX, READ, "reads events"),
                Right.onTopic(Topics.POLICIES, READ, "follows policies"),
                Right.onTopics(Topics.ALARMS_PREFIX, WRITE, "raises alarms"),
                Right.onTopics(Topics.RECOMMENDATIONS_PREFIX, WRITE, "gives advice"),
                Right.onTopics(Topics.STATISTICS_PREFIX, WRITE, "publishes statistics"),
                Right.onTopic(Topics.INCIDENTS, WRITE, "tells incidents of the fleet"),
                Right.onTopic(Topics.DEAD_LETTERS, WRITE, "keeps what it refuses"),
                Right.of(
                    ResourceType.GROUP,
                    groupId,
                    PatternType.LITERAL,
                    READ,
                    "commits how far it has come"),
                Right.of(
                    ResourceType.TRANSACTIONAL_ID,
                    transactionalIdPrefix + "-statistics-",
                    PatternType.PREFIXED,
                    WRITE,
                    "publishes statistics exactly once")));
    if (createTopics) {
      String purpose = "creates what a new project lacks";
      rights.addAll(onOutputs(CREATE, purpose));
      rights.addAll(onShared(CREATE, purpose));
    }
    return List.copyOf(rights);
  }

  /** What the console does, and those who look without it, for all projects. */
  public List<Right> console() {
    List<Right> rights = new ArrayList<>(onOutputs(READ, "shows what was found"));
    rights.add(Right.onTopic(Topics.INCIDENTS, READ, "shows incidents of the fleet"));
    rights.add(Right.onTopics(Topics.EVENTS_PREFIX, READ, "shows every step"));
    for (String topic : List.of(Topics.SILENCES, Topics.ACKNOWLEDGEMENTS, Topics.JUDGEMENTS)) {
      rights.add(Right.onTopic(topic, READ, "shows what people say"));
      rights.add(Right.onTopic(topic, WRITE, "keeps what people say"));
    }
    return List.copyOf(rights);
  }

  /** What the router of alarms does, for all projects. */
  public List<Right> router() {
    return List.of(
        Right.onTopics(Topics.ALARMS_PREFIX, READ, "passes on alarms"),
        Right.onTopics(Topics.EVENTS_PREFIX, READ, "learns the tags of runs"),
        Right.onTopic(Topics.SILENCES, READ, "keeps quiet about what is silenced"),
        Right.onTopic(Topics.ACKNOWLEDGEMENTS, READ, "escalates what nobody looks after"),
        Right.onTopic(Topics.DELIVERIES, READ, "knows what was told already"),
        Right.onTopic(Topics.DELIVERIES, WRITE, "notes what was told"),
        Right.of(
            ResourceType.GROUP,
            ROUTER_GROUP,
            PatternType.LITERAL,
            READ,
            "shares the alarms with other routers"));
  }

  /** What those do who look after the installation. */
  public List<Right> operator() {
    List<Right> rights =
        new ArrayList<>(
            List.of(
                Right.onTopic(Topics.POLICIES, WRITE, "publishes policies"),
                Right.onTopic(Topics.POLICIES, READ, "lists policies"),
                Right.onTopic(Topics.DEAD_LETTERS, READ, "lists what was refused"),
                Right.onTopics(Topics.EVENTS_PREFIX, WRITE, "sends it once more")));
    if (createTopics) {
      for (AclOperation operation : List.of(CREATE, DESCRIBE_CONFIGS)) {
        String purpose = operation == CREATE ? "creates topics" : "compares topics with the plan";
        rights.add(Right.onTopics(Topics.EVENTS_PREFIX, operation, purpose));
        rights.addAll(onOutputs(operation, purpose));
        rights.addAll(onShared(operation, purpose));
        rights.addAll(onConsole(operation, purpose));
      }
      String purpose = "sees which topics there are";
      rights.addAll(onOutputs(DESCRIBE, purpose));
      rights.add(Right.onTopic(Topics.INCIDENTS, DESCRIBE, purpose));
      rights.addAll(onConsole(DESCRIBE, purpose));
    }
    return List.copyOf(rights);
  }

  private static List<Right> onOutputs(AclOperation operation, String purpose) {
    return Stream.of(Topics.ALARMS_PREFIX, Topics.RECOMMENDATIONS_PREFIX, Topics.STATISTICS_PREFIX)
        .map(prefix -> Right.onTopics(prefix, operation, purpose))
        .toList();
  }

  private static List<Right> onConsole(AclOperation operation, String purpose) {
    return Topics.consoleSpecs().stream()
        .map(spec -> Right.onTopic(spec.name(), operation, purpose))
        .toList();
  }

  private static List<Right> onShared(AclOperation operation, String purpose) {
    return Topics.sharedSpecs().stream()
        .map(spec -> Right.onTopic(spec.name(), operation, purpose))
        .toList();
  }
}
