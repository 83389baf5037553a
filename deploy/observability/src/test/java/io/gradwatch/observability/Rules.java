package io.gradwatch.observability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The rules of Prometheus, as they stand in their file. */
final class Rules {
  static final Path FOLDER = Path.of("prometheus");
  static final Path FILE = FOLDER.resolve("gradwatch.rules.yml");
  static final Path TESTS = FOLDER.resolve("gradwatch.rules.test.yml");
  static final Path CONFIG = FOLDER.resolve("prometheus.yml");

  private Rules() {}

  /**
   * One rule.
   *
   * @param name of the alert or the recorded series
   * @param isAlert whether people are told
   */
  record Rule(
      String name,
      boolean isAlert,
      String expression,
      Map<String, String> labels,
      Map<String, String> annotations) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Rule> all() {
    return items(map(yaml(FILE)).get("groups"))
        .flatMap(group -> items(map(group).get("rules")))
        .map(Rules::rule);
  }

  static Stream<Rule> alerts() {
    return all().filter(Rule::isAlert);
  }

  /** A YAML file as maps, lists and scalars. */
  static Object yaml(Path file) {
    try {
      return Objects.requireNonNull(
          new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file.toAbsolutePath(), e);
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object yaml) {
    return (Map<String, Object>) yaml;
  }

  static Stream<Object> items(Object yaml) {
    return yaml == null ? Stream.of() : ((List<?>) yaml).stream().map(item -> (Object) item);
  }

  @SuppressWarnings("unchecked")
  private static Rule rule(Object yaml) {
    Map<String, Object> fields = map(yaml);
    boolean isAlert = fields.containsKey("alert");
    return new Rule(
        String.valueOf(fields.get(isAlert ? "alert" : "record")),
        isAlert,
        String.valueOf(fields.get("expr")),
        (Map<String, String>) fields.getOrDefault("labels", Map.of()),
        (Map<String, String>) fields.getOrDefault("annotations", Map.of()));
  }
}
