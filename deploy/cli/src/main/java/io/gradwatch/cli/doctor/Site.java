package io.gradwatch.cli.doctor;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.jspecify.annotations.Nullable;

/**
 * The installation that is looked at.
 *
 * @param admin asks its Kafka; closed by who made it
 * @param kafka how that Kafka is reached
 * @param job the options with which the job was started
 * @param projects the projects looked at, at least one
 * @param registry where ids of Confluent framing are looked up; null: nowhere
 */
record Site(
    Admin admin,
    KafkaAccess kafka,
    JobOptions job,
    List<String> projects,
    @Nullable SchemaRegistry registry) {

  /** All topics there should be. */
  List<TopicSpec> specs() {
    return Stream.of(
            projects.stream().flatMap(project -> Topics.specs(project).stream()),
            Topics.sharedSpecs().stream(),
            Topics.consoleSpecs().stream())
        .flatMap(specs -> specs)
        .toList();
  }

  /**
   * A consumer group, with what the present principal may do with it.
   *
   * @throws ExecutionException by GroupIdNotFoundException when there is none
   */
  ConsumerGroupDescription group(String name) throws ExecutionException, InterruptedException {
    return requireNonNull(
            admin
                .describeConsumerGroups(
                    List.of(name),
                    new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                .describedGroups()
                .get(name))
        .get();
  }

  Remedies remedies() {
    return new Remedies(kafka.connection(), kafka.allowsPlaintext());
  }
}
