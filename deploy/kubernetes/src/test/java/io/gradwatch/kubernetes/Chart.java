package io.gradwatch.kubernetes;

import com.marcnuri.helm.Helm;
import io.gradwatch.kubernetes.Yaml.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The chart, rendered by Helm's own engine. */
final class Chart {
  static final Path FOLDER = Path.of("gradwatch");
  static final Path VALUES = Path.of("values");
  static final String NAMESPACE = "gradwatch";

  /** The library stands for no cluster, and would say 1.20. */
  private static final String KUBERNETES = "1.34.0";

  private Chart() {}

  /** Names of the sets of values that come with it. */
  static List<String> examples() {
    try (Stream<Path> files = Files.list(VALUES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .map(name -> name.substring(0, name.length() - ".yaml".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What `helm template gradwatch` prints for one of them. */
  static String text(String example) {
    return text(VALUES.resolve(example + ".yaml"));
  }

  /**
   * The same for any file of values.
   *
   * @throws IllegalStateException when Helm refuses it, with what it says
   */
  static String text(Path values) {
    return new Helm(FOLDER)
        .template()
        .withName("gradwatch")
        .withNamespace(NAMESPACE)
        .withKubeVersion(KUBERNETES)
        .withValuesFile(values.toAbsolutePath())
        .call();
  }

  /** The resources of one of the examples. */
  static List<Node> resources(String example) {
    return Yaml.all(text(example));
  }

  /** The resources of one kind. */
  static List<Node> resources(String example, String kind) {
    return resources(example).stream().filter(ofKind(kind)).toList();
  }

  static Predicate<Node> ofKind(String kind) {
    return resource -> resource.text("kind").equals(kind);
  }
}
