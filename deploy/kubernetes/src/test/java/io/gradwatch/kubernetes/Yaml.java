package io.gradwatch.kubernetes;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Documents of YAML, read into plain maps and lists. */
final class Yaml {
  private Yaml() {}

  /** All documents of a stream that are not empty. */
  static List<Node> all(String text) {
    List<Node> all = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      if (document != null) {
        all.add(new Node(asMap(document)));
      }
    }
    return all;
  }

  /** The only document. */
  static Node one(String text) {
    return new Node(
        asMap(requireNonNull(new Load(LoadSettings.builder().build()).loadFromString(text))));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> asMap(Object value) {
    return (Map<String, Object>) value;
  }

  /** A mapping. */
  record Node(Map<String, Object> map) {
    /** What stands at a path of keys; null where nothing does. */
    @Nullable Object at(String... path) {
      Object value = map;
      for (String key : path) {
        if (!(value instanceof Map<?, ?> inner)) {
          return null;
        }
        value = inner.get(key);
      }
      return value;
    }

    /** A scalar as text; blank where there is none. */
    String text(String... path) {
      Object value = at(path);
      return value == null ? "" : value.toString();
    }

    /** A mapping, empty where there is none. */
    Node node(String... path) {
      Object value = at(path);
      return new Node(value == null ? Map.of() : asMap(value));
    }

    /** Mappings in a list, none where there is none. */
    List<Node> nodes(String... path) {
      return list(path).map(item -> new Node(asMap(item))).toList();
    }

    /** Scalars in a list, as text. */
    List<String> texts(String... path) {
      return list(path).map(String::valueOf).toList();
    }

    /** The mapping's values as text. */
    Map<String, String> strings(String... path) {
      Map<String, String> strings = new LinkedHashMap<>();
      node(path).map().forEach((key, value) -> strings.put(key, String.valueOf(value)));
      return strings;
    }

    /** Kind and name, for messages. */
    String title() {
      return text("kind") + "/" + text("metadata", "name");
    }

    private Stream<?> list(String... path) {
      Object value = at(path);
      return value == null ? Stream.empty() : ((List<?>) value).stream();
    }
  }
}
