package io.gradwatch.cli.router;

import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.console.routing.config.InvalidRouterConfigException;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.RouterConfigReader;
import io.gradwatch.console.routing.config.TargetConfig;
import java.io.IOException;
import java.nio.file.Path;

/** A router's file that the command line names. */
final class RouterFile {
  private RouterFile() {}

  /** What it says. */
  static RouterConfig read(Path file) throws InvalidRouterConfigException {
    try {
      return RouterConfigReader.read(file);
    } catch (IOException e) {
      throw new CommandFailedException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** One of its targets. */
  static TargetConfig target(RouterConfig config, String name) {
    TargetConfig target = config.targets().get(name);
    if (target == null) {
      throw new CommandFailedException(
          "there is no target "
              + name
              + "; known are "
              + String.join(", ", config.targets().keySet()));
    }
    return target;
  }
}
