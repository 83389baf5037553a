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

  /** What those do who only look, for all projects. */
  public List<Right> console() {
    return Stream.concat(
            onOutputs(READ, "shows what was found").stream(),
            Stream.of(Right.onTopic(Topics.INCIDENTS, READ, "shows incidents of the fleet")))
        .toList();
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
      }
      String purpose = "sees which topics there are";
      rights.addAll(onOutputs(DESCRIBE, purpose));
      rights.add(Right.onTopic(Topics.INCIDENTS, DESCRIBE, purpose));
    }
    return List.copyOf(rights);
  }

  private static List<Right> onOutputs(AclOperation operation, String purpose) {
    return Stream.of(Topics.ALARMS_PREFIX, Topics.RECOMMENDATIONS_PREFIX, Topics.STATISTICS_PREFIX)
        .map(prefix -> Right.onTopics(prefix, operation, purpose))
        .toList();
  }

  private static List<Right> onShared(AclOperation operation, String purpose) {
    return Topics.sharedSpecs().stream()
        .map(spec -> Right.onTopic(spec.name(), operation, purpose))
        .toList();
  }
}
