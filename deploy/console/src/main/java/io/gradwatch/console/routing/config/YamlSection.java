package io.gradwatch.console.routing.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Names and values of one mapping. A value that is wrong is told, and the default stands in for it,
 * so that one reading finds all errors. What nobody asked for is unknown: see {@link #end}.
 */
final class YamlSection {
  private final MappingNode node;
  private final ConfigErrors errors;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Node> names = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  YamlSection(MappingNode node, ConfigErrors errors) {
    this.node = node;
    this.errors = errors;
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        errors.add(tuple.getKeyNode(), "a name must be a word");
      } else if (values.putIfAbsent(name.getValue(), tuple.getValueNode()) != null) {
        errors.add(name, name.getValue() + " is set twice");
      } else {
        names.put(name.getValue(), name);
      }
    }
  }

  /** Says what is wrong with the section. */
  void refuse(String what) {
    errors.add(node, what);
  }

  /** Says what is wrong with a value. */
  void refuse(String name, String what) {
    errors.add(values.getOrDefault(name, node), what);
  }

  boolean has(String name) {
    asked.add(name);
    return values.containsKey(name);
  }

  /** The text of a scalar; null when it is not there. */
  @Nullable String text(String name) {
    return has(name) ? scalar(name, values.get(name)) : null;
  }

  /** The same for a first look: of what is no scalar nothing is told. */
  @Nullable String peek(String name) {
    return values.get(name) instanceof ScalarNode scalar ? scalar.getValue() : null;
  }

  String text(String name, String unlessSaid) {
    String text = text(name);
    return text == null ? unlessSaid : text;
  }

  /** The text of a scalar that must be there; blank where it is not. */
  String required(String name) {
    String text = text(name, "");
    if (text.isBlank()) {
      refuse(name, name + " is missing");
    }
    return text;
  }

  /** A value made of a text; an IllegalArgumentException is told with its line. */
  <T> T parsed(String name, T unlessSaid, Function<String, T> parser) {
    String text = text(name);
    if (text == null) {
      return unlessSaid;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      refuse(name, name + ": " + e.getMessage());
      return unlessSaid;
    }
  }

  boolean flag(String name, boolean unlessSaid) {
    return parsed(
        name,
        unlessSaid,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default ->
                  throw new IllegalArgumentException("is '" + text + "', must be true or false");
            });
  }

  int integer(String name, int unlessSaid, int least, int most) {
    return parsed(
        name,
        unlessSaid,
        text -> {
          if (!text.matches("\\d{1,9}")
              || Integer.parseInt(text) < least
              || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                "is '%s', must be %d to %d".formatted(text, least, most));
          }
          return Integer.parseInt(text);
        });
  }

  /** A list of words; a single word counts as a list of one. */
  List<String> words(String name) {
    List<String> words = new ArrayList<>();
    for (Node item : items(name)) {
      String word = scalar(name, item);
      if (word != null) {
        words.add(word);
      }
    }
    return words;
  }

  /** A list of mappings. */
  List<YamlSection> sections(String name) {
    List<YamlSection> sections = new ArrayList<>();
    for (Node item : items(name)) {
      if (item instanceof MappingNode mapping) {
        sections.add(new YamlSection(mapping, errors));
      } else {
        errors.add(item, name + " must be a list of names with values");
      }
    }
    return sections;
  }

  /** A mapping; null when it is not there. */
  @Nullable YamlSection section(String name) {
    Node value = has(name) ? values.get(name) : null;
    if (value == null || value instanceof MappingNode) {
      return value == null ? null : new YamlSection((MappingNode) value, errors);
    }
    refuse(name, name + " must be names with values");
    return null;
  }

  /** All names that there are, each of which then counts as known. */
  Set<String> allNames() {
    asked.addAll(values.keySet());
    return values.keySet();
  }

  /** Whether a value is a mapping. */
  boolean isSection(String name) {
    return values.get(name) instanceof MappingNode;
  }

  /** Refuses every name that nobody asked for. */
  void end() {
    names.forEach(
        (name, place) -> {
          if (!asked.contains(name)) {
            errors.add(place, "unknown: " + name + NearestName.suggestion(name, asked));
          }
        });
  }

  private List<Node> items(String name) {
    Node value = has(name) ? values.get(name) : null;
    if (value == null) {
      return List.of();
    }
    return value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
  }

  private @Nullable String scalar(String name, @Nullable Node value) {
    if (value instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    refuse(name, name + " must be a word or a number");
    return null;
  }
}
