package io.gradwatch.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.gradwatch.kubernetes.Yaml.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pods that the chart leads to.
 *
 * @param name what makes them, and their part in it
 * @param image of the only container
 * @param template as Kubernetes has it
 * @param resources requests and limits of the only container, by operators' words or Kubernetes'
 */
record Pods(String name, String image, PodTemplateSpec template, Map<String, String> resources) {
  /** The component's label. */
  String component() {
    return labels().get("app.kubernetes.io/component");
  }

  Map<String, String> labels() {
    return template.getMetadata().getLabels();
  }

  /** Those of Deployments, and those that the Flink operator makes. */
  static List<Pods> of(List<Node> resources) {
    List<Pods> all = new ArrayList<>();
    for (Node resource : resources) {
      if (resource.text("kind").equals("Deployment")) {
        Node template = resource.node("spec", "template");
        Node limits = template.nodes("spec", "containers").get(0).node("resources");
        Map<String, String> words = new LinkedHashMap<>();
        limits.strings("requests").forEach((key, value) -> words.put("request " + key, value));
        limits.strings("limits").forEach((key, value) -> words.put("limit " + key, value));
        String image = template.nodes("spec", "containers").get(0).text("image");
        all.add(new Pods(resource.title(), image, read(template), words));
      } else if (resource.text("kind").equals("FlinkDeployment")) {
        for (String role : List.of("jobManager", "taskManager")) {
          Node common = resource.node("spec", "podTemplate");
          Node own = resource.node("spec", role, "podTemplate");
          Map<String, String> words = new LinkedHashMap<>();
          // The operator makes requests and limits alike of them.
          resource
              .strings("spec", role, "resource")
              .forEach(
                  (key, value) -> {
                    words.put("request " + key, value);
                    words.put("limit " + key, value);
                  });
          all.add(
              new Pods(
                  resource.title() + " " + role,
                  resource.text("spec", "image"),
                  read(new Node(merged(common.map(), own.map()))),
                  words));
        }
      }
    }
    return all;
  }

  private static PodTemplateSpec read(Node template) {
    return StrictModels.read(template, PodTemplateSpec.class);
  }

  /** As the operator merges templates: mappings by key, containers by name. */
  private static Map<String, Object> merged(Map<String, Object> under, Map<String, Object> over) {
    Map<String, Object> all = new LinkedHashMap<>(under);
    over.forEach(
        (key, value) ->
            all.merge(
                key,
                value,
                (a, b) -> {
                  if (a instanceof Map<?, ?> && b instanceof Map<?, ?>) {
                    return merged(Yaml.asMap(a), Yaml.asMap(b));
                  }
                  if (key.equals("containers")) {
                    Object first = ((List<?>) a).get(0);
                    Object second = ((List<?>) b).get(0);
                    return List.of(merged(Yaml.asMap(first), Yaml.asMap(second)));
                  }
                  return b;
                }));
    return all;
  }
}
