package io.gradwatch.kubernetes;

import io.gradwatch.kubernetes.Yaml.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** One of the examples, changed. */
record Values(Map<String, Object> map) {
  static Values of(String example) {
    try {
      return new Values(Yaml.one(Files.readString(Chart.VALUES.resolve(example + ".yaml"))).map());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With a value at a path of keys with dots between; null takes it away. */
  Values with(String path, @Nullable Object value) {
    return new Values(changed(map, List.of(path.split("\\.", -1)), value));
  }

  private static Map<String, Object> changed(
      Map<String, Object> map, List<String> path, @Nullable Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(map);
    String key = path.get(0);
    if (path.size() > 1) {
      Object inner = map.getOrDefault(key, Map.of());
      changed.put(key, changed(Yaml.asMap(inner), path.subList(1, path.size()), value));
    } else if (value == null) {
      changed.remove(key);
    } else {
      changed.put(key, value);
    }
    return changed;
  }

  /** As a file has them. */
  String text() {
    return new Dump(DumpSettings.builder().build()).dumpToString(map);
  }

  /**
   * The chart with these.
   *
   * @throws IllegalStateException when Helm refuses them, with what it says
   */
  List<Node> resources() {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, text());
        return Yaml.all(Chart.text(file));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One resource of it. */
  Node resource(String kind, String name) {
    String title = kind + "/" + name;
    return resources().stream()
        .filter(resource -> resource.title().equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("there is no " + title));
  }
}
