package io.gradwatch.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A browser is told of every module at once, else it would find them one after the other. */
final class ModulePreloadTest {
  private static final Path PAGE = Path.of("src/main/resources/io/gradwatch/console/page");
  private static final Pattern LINK =
      Pattern.compile("<link rel=\"modulepreload\" href=\"/static/([^\"]+)\">");

  /** The first starts the others, the second runs before the first paint and is no module. */
  private static final Set<String> OTHERS = Set.of("app.js", "js/first-paint.js");

  @Test
  void listsEveryModule() throws IOException {
    List<String> listed =
        LINK.matcher(Files.readString(PAGE.resolve("index.html")))
            .results()
            .map(link -> link.group(1))
            .toList();
    assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(modules());
  }

  private static List<String> modules() throws IOException {
    try (Stream<Path> files = Files.walk(PAGE)) {
      return files
          .map(file -> PAGE.relativize(file).toString().replace('\\', '/'))
          .filter(file -> file.endsWith(".js") && !OTHERS.contains(file))
          .toList();
    }
  }
}
