package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.junit.jupiter.api.Test;

/**
 * Libraries that are shipped against the advisories that this repository knows, without a network.
 * It cannot know of others: {@code SECURITY.md} says how to ask those who do.
 */
class SupplyChainIT {
  private static final Path FOLDER = Path.of("supply-chain");
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d+\\..+)\\.jar");

  @Test
  void everyLibraryThatIsShippedWasLookedAtInThisVersion() throws IOException {
    assertThat(lookedAt())
        .as("supply-chain/libraries.csv: look at what is new, then say so there")
        .isEqualTo(shipped());
  }

  @Test
  void noneHasAnAdvisoryThatConcernsUs() throws IOException {
    Map<String, String> shipped = shipped();
    assertThat(
            rows("advisories.csv").stream()
                .filter(advisory -> concerns(advisory, shipped))
                .filter(advisory -> advisory.get("why_not_here").isBlank()))
        .isEmpty();
  }

  @Test
  void noExcuseOutlivesItsReason() throws IOException {
    Map<String, String> shipped = shipped();
    assertThat(
            rows("advisories.csv").stream()
                .filter(advisory -> !advisory.get("why_not_here").isBlank())
                .filter(advisory -> !concerns(advisory, shipped)))
        .as("excuses that are not needed any more")
        .isEmpty();
  }

  @Test
  void anAdvisoryConcernsTheVersionsBetweenItsBoundsOnly() {
    Map<String, String> advisory =
        Map.of("library", "a", "from", "1.2", "fixed_in", "1.10.1.Final");
    assertThat(concerns(advisory, Map.of("a", "1.2"))).isTrue();
    assertThat(concerns(advisory, Map.of("a", "1.10.0.Final-21.0"))).isTrue();
    assertThat(concerns(advisory, Map.of("a", "1.1.9"))).isFalse();
    assertThat(concerns(advisory, Map.of("a", "1.10.1.Final"))).isFalse();
    assertThat(concerns(advisory, Map.of("b", "1.5"))).isFalse();
  }

  private static boolean concerns(Map<String, String> advisory, Map<String, String> shipped) {
    String found = shipped.get(advisory.get("library"));
    if (found == null) {
      return false;
    }
    ComparableVersion version = new ComparableVersion(found);
    return version.compareTo(new ComparableVersion(advisory.get("from"))) >= 0
        && version.compareTo(new ComparableVersion(advisory.get("fixed_in"))) < 0;
  }

  /** Versions of the libraries in the folder that the command starts from. */
  private static Map<String, String> shipped() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
      return jars.map(jar -> jar.getFileName().toString())
          .filter(name -> !name.startsWith("gradwatch-"))
          .map(SupplyChainIT::parts)
          .collect(
              Collectors.toMap(
                  jar -> jar.group(1), jar -> jar.group(2), (a, b) -> b, TreeMap::new));
    }
  }

  private static Matcher parts(String jar) {
    Matcher parts = JAR.matcher(jar);
    assertThat(parts.matches()).as(jar).isTrue();
    return parts;
  }

  private static Map<String, String> lookedAt() throws IOException {
    return rows("libraries.csv").stream()
        .collect(
            Collectors.toMap(
                row -> row.get("library"), row -> row.get("version"), (a, b) -> b, TreeMap::new));
  }

  private static List<Map<String, String>> rows(String file) throws IOException {
    try (MappingIterator<Map<String, String>> rows =
        new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(FOLDER.resolve(file).toFile())) {
      return rows.readAll();
    }
  }
}
