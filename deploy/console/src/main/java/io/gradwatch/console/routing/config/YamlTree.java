package io.gradwatch.console.routing.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One YAML document as nodes with their places. Takes the part of YAML that settings need: no
 * anchors and aliases (a few bytes of them make gigabytes), bounded depth and length.
 */
final class YamlTree {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_CHARACTERS = 256 * 1024;

  private YamlTree() {}

  /**
   * The document.
   *
   * @return nothing when the text is empty
   * @throws InvalidRouterConfigException when it is no YAML, or no mapping
   */
  static @Nullable MappingNode read(String text, ConfigErrors errors)
      throws InvalidRouterConfigException {
    if (text.length() > MAX_CHARACTERS) {
      errors.add(
          Optional.empty(),
          "has " + text.length() + " characters, at most " + MAX_CHARACTERS + " are taken");
      errors.throwIfAny();
    }
    LoadSettings settings =
        LoadSettings.builder().setUseMarks(true).setAllowDuplicateKeys(true).build();
    try {
      refuseWhatExplodes(text, settings, errors);
      errors.throwIfAny();
      Node root = new Compose(settings).composeString(text).orElse(null);
      if (root != null && !(root instanceof MappingNode)) {
        errors.add(root, "must be names with values");
      }
      errors.throwIfAny();
      return (MappingNode) root;
    } catch (MarkedYamlEngineException e) {
      errors.add(e.getProblemMark(), "is no YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      errors.add(
          Optional.empty(),
          "is no YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    errors.throwIfAny();
    return null;
  }

  private static void refuseWhatExplodes(String text, LoadSettings settings, ConfigErrors errors) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      if (event instanceof AliasEvent) {
        errors.add(event.getStartMark(), "aliases are not accepted, write the value out");
      } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
        errors.add(event.getStartMark(), "anchors are not accepted");
      }
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        errors.add(event.getStartMark(), "is nested more than " + MAX_DEPTH + " levels deep");
        return; // the time it takes grows with the square of the depth
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
  }
}
