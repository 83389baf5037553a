package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.CommandLines;
import io.gradwatch.kubernetes.Yaml.Node;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics and users are what `gradwatch topics` and `gradwatch acls` say. */
class KafkaResourcesTest {
  @ParameterizedTest
  @ValueSource(strings = {"small", "team", "fleet"})
  void topicsAreThoseOfTheCatalogue(String example) {
    Map<String, TopicSpec> planned = new LinkedHashMap<>();
    for (String project : projects(example)) {
      Topics.allSpecs(project).forEach(spec -> planned.put(spec.name(), spec));
    }
    List<Node> topics = Chart.resources(example, "KafkaTopic");
    assertThat(topics)
        .extracting(topic -> topic.text("metadata", "name"))
        .containsExactlyInAnyOrderElementsOf(planned.keySet());
    for (Node topic : topics) {
      TopicSpec spec = planned.get(topic.text("metadata", "name"));
      assertThat(topic.at("spec", "partitions")).as(spec.name()).isEqualTo(spec.partitions());
      Map<String, String> config = topic.strings("spec", "config");
      assertThat(config.remove("min.insync.replicas"))
          .as(spec.name())
          .isEqualTo(example.equals("small") ? "1" : "2");
      assertThat(config).as(spec.name()).isEqualTo(spec.configs());
      // Helm that is taken away takes no events with it.
      assertThat(topic.text("metadata", "annotations", "helm.sh/resource-policy"))
          .isEqualTo("keep");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "team", "fleet"})
  void usersHaveTheRightsThatTheCommandPrints(String example) {
    Map<String, Node> users = users(Chart.resources(example));
    Map<String, Node> printed =
        users(
            Yaml.all(
                CommandLines.print(
                    "acls",
                    "--print",
                    "--format=strimzi",
                    "--no-create-topics",
                    "--cluster=" + cluster(example),
                    "--project=" + String.join(",", projects(example)))));
    Node gateway = users.remove("gradwatch-gateway");
    assertThat(users.keySet()).containsExactlyInAnyOrderElementsOf(printed.keySet());
    users.forEach(
        (name, user) -> {
          assertThat(user.map().get("spec"))
              .as(name)
              .isEqualTo(printed.get(name).map().get("spec"));
          assertThat(user.text("metadata", "labels", "strimzi.io/cluster"))
              .isEqualTo(printed.get(name).text("metadata", "labels", "strimzi.io/cluster"));
          assertThat(user.text("metadata", "annotations", "gradwatch.io/description"))
              .isEqualTo(
                  printed.get(name).text("metadata", "annotations", "gradwatch.io/description"));
        });
    assertThat(gateway != null).isEqualTo(example.equals("fleet"));
    if (gateway != null) {
      List<Node> trainers = new ArrayList<>();
      for (String project : projects(example)) {
        trainers.addAll(
            printed.get("gradwatch-trainer-" + project).nodes("spec", "authorization", "acls"));
      }
      assertThat(gateway.nodes("spec", "authorization", "acls")).isEqualTo(trainers);
    }
  }

  @Test
  void groupAndTransactionsOfTheJobAreThoseThatItsUserMayUse() {
    Values values =
        Values.of("small")
            .with("job.groupId", "shadow")
            .with("job.transactionalIdPrefix", "shadow-job");
    Node user = values.resource("KafkaUser", "gradwatch-job");
    Node printed =
        users(
                Yaml.all(
                    CommandLines.print(
                        "acls",
                        "--print",
                        "--format=strimzi",
                        "--no-create-topics",
                        "--role=job",
                        "--group-id=shadow",
                        "--transactional-id-prefix=shadow-job")))
            .get("gradwatch-job");
    assertThat(user.map().get("spec")).isEqualTo(printed.map().get("spec"));
    assertThat(values.resource("FlinkDeployment", "gradwatch-job").texts("spec", "job", "args"))
        .contains("--group-id=shadow", "--transactional-id-prefix=shadow-job");
  }

  @Test
  void usersShowWhoTheyAreAsTheClientsDo() {
    Values values = Values.of("small").with("kafka.authentication", "scram-sha-512");
    assertThat(
            values
                .resource("KafkaUser", "gradwatch-console")
                .text("spec", "authentication", "type"))
        .isEqualTo("scram-sha-512");
  }

  @Test
  void withoutStrimziNothingIsMadeAndTheJobMakesTopics() {
    List<Node> resources = Chart.resources("managed");
    assertThat(resources).noneMatch(resource -> resource.text("apiVersion").contains("strimzi"));
    assertThat(Chart.resources("managed", "FlinkDeployment").get(0).texts("spec", "job", "args"))
        .contains("--create-topics=true");
    assertThat(Chart.resources("small", "FlinkDeployment").get(0).texts("spec", "job", "args"))
        .contains("--create-topics=false");
  }

  private static List<String> projects(String example) {
    List<String> projects = new Yaml.Node(Values.of(example).map()).texts("projects");
    return projects.isEmpty() ? List.of(Topics.DEFAULT_PROJECT) : projects;
  }

  private static String cluster(String example) {
    String cluster = new Yaml.Node(Values.of(example).map()).text("kafka", "strimzi", "cluster");
    return cluster.isEmpty() ? "kafka" : cluster;
  }

  private static Map<String, Node> users(List<Node> resources) {
    Map<String, Node> users = new LinkedHashMap<>();
    resources.stream()
        .filter(Chart.ofKind("KafkaUser"))
        .forEach(user -> users.put(user.text("metadata", "name"), user));
    return users;
  }
}
