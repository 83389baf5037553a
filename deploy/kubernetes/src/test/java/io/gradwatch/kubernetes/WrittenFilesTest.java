package io.gradwatch.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that follow from others are as they follow. */
class WrittenFilesTest {
  /** Writes them. */
  static final String COMMAND = "mvn -pl deploy/kubernetes -am verify -Dgradwatch.chart.write";

  private static final boolean WRITE = System.getProperty("gradwatch.chart.write") != null;
  private static final Path MANIFESTS = Path.of("manifests");

  /** Where the rules are that everybody has. */
  static final Path OBSERVABILITY = Path.of("../observability/prometheus");

  private static final String RULES = "gradwatch.rules.yml";

  /** First what the chart is rendered from. */
  @BeforeAll
  static void write() throws IOException {
    if (WRITE) {
      Files.createDirectories(Chart.FOLDER.resolve("files"));
      Files.writeString(Chart.FOLDER.resolve("files/topics.yaml"), Catalogue.topics());
      Files.writeString(Chart.FOLDER.resolve("files/rights.yaml"), Catalogue.rights());
      Files.copy(
          OBSERVABILITY.resolve(RULES),
          Chart.FOLDER.resolve("files").resolve(RULES),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Helm reads nothing that lies outside of a chart. */
  @Test
  void rulesAreThoseOfObservability() throws IOException {
    assertWritten(
        Chart.FOLDER.resolve("files").resolve(RULES),
        Files.readString(OBSERVABILITY.resolve(RULES)));
  }

  @Test
  void topicsAreThoseOfTheProgramsCatalogue() throws IOException {
    assertWritten(Chart.FOLDER.resolve("files/topics.yaml"), Catalogue.topics());
  }

  @Test
  void rightsAreThoseOfTheProgramsCatalogue() throws IOException {
    assertWritten(Chart.FOLDER.resolve("files/rights.yaml"), Catalogue.rights());
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "fleet"})
  void plainManifestsAreWhatTheChartSays(String example) throws IOException {
    String header =
        """
        # The chart with values/%s.yaml, release and namespace gradwatch, for those without Helm:
        # kubectl create namespace gradwatch; kubectl apply -f %s.yaml
        # %s writes it anew.
        """
            .formatted(example, example, COMMAND);
    assertWritten(MANIFESTS.resolve(example + ".yaml"), header + Chart.text(example));
  }

  static void assertWritten(Path file, String content) throws IOException {
    if (WRITE) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, content);
    }
    assertThat(file).as("%s writes it", COMMAND).exists();
    assertThat(Files.readString(file)).as("%s: %s writes it", file, COMMAND).isEqualTo(content);
  }
}
