package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.access.PrintedAcls;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class AclsCommandTest {
  @Test
  void aTrainerWritesItsEventsAndReadsItsAdvice() {
    assertThat(print("--role=trainer", "--project=vision").lines())
        .containsExactly(
            "# trainings of project vision",
            "kafka-acls.sh --bootstrap-server localhost:9092 --add --allow-principal"
                + " User:gradwatch-trainer-vision --operation Write --topic"
                + " gradwatch.events.v1.vision",
            "kafka-acls.sh --bootstrap-server localhost:9092 --add --allow-principal"
                + " User:gradwatch-trainer-vision --operation Read --topic"
                + " gradwatch.recommendations.v1.vision");
  }

  @Test
  void bothFormatsSayTheSame() {
    String[] options = {"--project=vision,nlp", "--project=default"};
    assertThat(PrintedAcls.ofStrimzi(print(with(options, "--format=strimzi")), ""))
        .hasSizeGreaterThan(20)
        .containsExactlyInAnyOrderElementsOf(PrintedAcls.ofCommands(print(options)));
  }

  @Test
  void resourcesAreOfTheClusterAndTellHowTheirUsersComeIn() {
    assertThat(
            print(
                "--format=strimzi",
                "--role=trainer",
                "--cluster=fleet",
                "--authentication=scram-sha-512"))
        .isEqualToNormalizingNewlines(
            """
            ---
            apiVersion: kafka.strimzi.io/v1
            kind: KafkaUser
            metadata:
              name: gradwatch-trainer-default
              labels:
                strimzi.io/cluster: fleet
              annotations:
                gradwatch.io/description: trainings of project default
            spec:
              authentication:
                type: scram-sha-512
              authorization:
                type: simple
                acls:
                  - resource:
                      type: topic
                      name: gradwatch.events.v1.default
                      patternType: literal
                    operations:
                      - Write
                  - resource:
                      type: topic
                      name: gradwatch.recommendations.v1.default
                      patternType: literal
                    operations:
                      - Read
            """);
  }

  @Test
  void namesAreTakenOver() {
    String text =
        print(
            "--trainer=CN={project}, O=it's ours",
            "--project=vision",
            "--job=CN=job",
            "--group-id=g",
            "--transactional-id-prefix=t",
            "--bootstrap-server=kafka:9093",
            "--command-config=admin user.properties");
    assertThat(text)
        .contains("--allow-principal 'User:CN=vision, O=it'\\''s ours' ")
        .contains("--allow-principal User:CN=job --operation Read --group g")
        .contains("--transactional-id t-statistics- --resource-pattern-type prefixed")
        .contains(
            "kafka-acls.sh --bootstrap-server kafka:9093 --command-config 'admin user.properties'"
                + " --add");
  }

  @Test
  void whoPlaysTwoPartsHasTheRightsOfBothOnce() {
    var one = PrintedAcls.ofCommands(print("--console=both", "--operator=both"));
    assertThat(one).doesNotHaveDuplicates();
    assertThat(print("--console=both", "--operator=both", "--format=strimzi"))
        .containsOnlyOnce("name: both");
  }

  @Test
  void nobodyCreatesTopicsWhereTheyAreMadeOtherwise() {
    assertThat(PrintedAcls.ofCommands(print("--no-create-topics")))
        .extracting(right -> right.entry().operation())
        .containsOnly(AclOperation.READ, AclOperation.WRITE);
  }

  @Test
  void nobodyHasARightOnTheWholeClusterOrOnEveryTopic() {
    assertThat(PrintedAcls.ofCommands(print()))
        .extracting(AclBinding::pattern)
        .noneMatch(pattern -> pattern.resourceType() == ResourceType.CLUSTER)
        .allMatch(pattern -> pattern.name().startsWith("gradwatch"))
        .noneMatch(pattern -> pattern.name().equals("gradwatch."));
  }

  @Test
  void whatCannotBePrintedIsRefused() {
    assertThat(CommandRun.of("acls").code()).isEqualTo(2);
    assertThat(CommandRun.of("acls", "--print", "--project=NO").code()).isEqualTo(2);
    CommandRun name = CommandRun.of("acls", "--print", "--format=strimzi", "--job=CN=job");
    assertThat(name.code()).isEqualTo(2);
    assertThat(name.err()).contains("principal is 'CN=job', must be lower-case letters");
  }

  private static String print(String... options) {
    CommandRun run = CommandRun.of(with(new String[] {"acls", "--print"}, options));
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run.out();
  }

  private static String[] with(String[] some, String... more) {
    return java.util.stream.Stream.of(some, more)
        .flatMap(java.util.Arrays::stream)
        .toArray(String[]::new);
  }
}
