package io.gradwatch.console.routing.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Errors of one file, in the order in which they were found. */
final class ConfigErrors {
  private static final int MOST = 50;

  private final String file;
  private final List<String> errors = new ArrayList<>();

  /**
   * @param file its name, for the messages
   */
  ConfigErrors(String file) {
    this.file = file;
  }

  void add(Node node, String what) {
    add(node.getStartMark(), what);
  }

  void add(Optional<Mark> mark, String what) {
    if (errors.size() < MOST) {
      errors.add("%s:%d: %s".formatted(file, mark.map(m -> m.getLine() + 1).orElse(1), what));
    }
  }

  void throwIfAny() throws InvalidRouterConfigException {
    if (!errors.isEmpty()) {
      throw new InvalidRouterConfigException(errors);
    }
  }
}
