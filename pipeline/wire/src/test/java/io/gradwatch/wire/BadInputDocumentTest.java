package io.gradwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.wire.UndecodableException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that BAD-INPUT.md names are there, in whichever module. */
class BadInputDocumentTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  private record Row(String input, String outcome, String tests) {
    boolean isAHeading() {
      return input.startsWith("**");
    }
  }

  private static List<Row> rows() throws IOException {
    String document = Files.readString(Path.of("BAD-INPUT.md"));
    return document
        .substring(
            document.indexOf("<!-- catalogue -->"), document.indexOf("<!-- end of catalogue -->"))
        .lines()
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(line -> line.split("\\|", -1))
        .map(cells -> new Row(cells[1].strip(), cells[2].strip(), cells[3].strip()))
        .toList();
  }

  @Test
  void everyLineHasATestOrSaysThatItIsOpen() throws IOException {
    assertThat(rows())
        .hasSizeGreaterThan(60)
        .filteredOn(row -> !row.isAHeading())
        .allSatisfy(row -> assertThat(row.outcome()).as(row.input()).isNotEmpty())
        .allMatch(row -> row.outcome().contains("*open*") || !row.tests().isEmpty());
  }

  @Test
  void everyTestNamedIsThere() throws IOException {
    Map<String, String> sources = testSources();
    for (Row row : rows()) {
      assertThat(NAMED.matcher(row.tests()).replaceAll("").strip()).as("besides tests").isEmpty();
      assertThat(NAMED.matcher(row.tests()).results())
          .allSatisfy(
              test -> {
                assertThat(sources).as("classes of tests").containsKey(test.group(1));
                String source = sources.get(test.group(1));
                int at = source.indexOf(" " + test.group(2) + "(");
                assertThat(at).as("place of %s", test.group()).isPositive();
                assertThat(source.substring(source.lastIndexOf("\n\n", at), at))
                    .as("what stands before %s", test.group())
                    .containsPattern("@(Parameterized)?Test(Factory)?\\b");
              });
    }
  }

  @Test
  void everyReasonIsInALine() throws IOException {
    String outcomes = rows().stream().map(Row::outcome).collect(Collectors.joining(" "));
    for (Reason reason : Reason.values()) {
      assertThat(outcomes).containsPattern("\\b" + reason + "\\b");
    }
  }

  /** Sources by the name of their class; of two alike in different packages, both in a row. */
  private static Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.find(ROOT, 12, (file, is) -> isATest(file.toString()))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.merge(name, Files.readString(file), String::concat);
      }
    }
    return sources;
  }

  private static boolean isATest(String file) {
    return file.contains("/src/test/java/") && file.matches(".*(Test|IT)\\.java");
  }
}
