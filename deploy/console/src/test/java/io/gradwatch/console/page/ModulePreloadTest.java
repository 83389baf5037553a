package io.gradwatch.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A browser is told at once of every module that each page needs, else it would find them one after
 * the other.
 */
final class ModulePreloadTest {
  private static final Path PAGE = Path.of("src/main/resources/io/gradwatch/console/page");
  private static final Pattern LINK =
      Pattern.compile("<link rel=\"modulepreload\" href=\"/static/([^\"]+)\">");
  private static final Pattern IMPORT = Pattern.compile("from \"(\\./[^\"]+)\"");

  @Test
  void listsEveryModuleThatTheFirstImports() throws IOException {
    List<String> listed =
        LINK.matcher(Files.readString(PAGE.resolve("index.html")))
            .results()
            .map(link -> link.group(1))
            .toList();
    Set<String> needed = new TreeSet<>();
    addImports(Path.of("app.js"), needed);
    assertThat(needed).isNotEmpty();
    assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(needed);
  }

  private static void addImports(Path module, Set<String> known) throws IOException {
    List<String> imported =
        IMPORT
            .matcher(Files.readString(PAGE.resolve(module)))
            .results()
            .map(from -> from.group(1))
            .toList();
    for (String name : imported) {
      Path other = module.resolveSibling(name).normalize();
      if (known.add(other.toString())) {
        addImports(other, known);
      }
    }
  }
}
