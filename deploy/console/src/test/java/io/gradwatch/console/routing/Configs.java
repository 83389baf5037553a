package io.gradwatch.console.routing;

import io.gradwatch.console.routing.config.InvalidRouterConfigException;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.RouterConfigReader;
import java.nio.file.Path;
import java.util.Map;

/** Configurations for tests, written as people write them. */
public final class Configs {
  /** What every test's targets need. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of("KEY", "key-that-nobody-sees", "HOOK", "https://hooks.example/T0/B0/hook-secret");

  private Configs() {}

  public static RouterConfig of(String text) {
    try {
      return RouterConfigReader.read(text, "router.yaml", Path.of("."), ENVIRONMENT);
    } catch (InvalidRouterConfigException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
