package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code .ci/release-check}, on copies of what it reads. */
class ReleaseCheckTest {
  private static final Path ROOT = Path.of("../..");
  private static final String CHART = "deploy/kubernetes/gradwatch/Chart.yaml";
  private static final String PROJECT = "producers/python/pyproject.toml";
  private static final String PACKAGE = "producers/python/src/gradwatch/__init__.py";

  @TempDir private Path folder;

  @Test
  void hasNothingToSayOfACommitThatIsAllOneVersion() throws Exception {
    copy("1.2.3", "1.2.3");
    assertThat(check("1.2.3")).isEqualTo("0: ");
  }

  @Test
  void knowsHowPythonWritesACandidate() throws Exception {
    copy("1.2.3-rc.1", "1.2.3rc1");
    assertThat(check("1.2.3-rc.1")).isEqualTo("0: ");
  }

  @Test
  void saysEverythingThatIsOfAnotherVersion() throws Exception {
    copy("1.2.3", "1.2.3");
    assertThat(check("1.2.4"))
        .startsWith("1: ")
        .contains(
            "pom.xml: version is '1.2.3', must be '1.2.4'",
            CHART + ": version is '1.2.3'",
            CHART + ": appVersion is '1.2.3'",
            PROJECT + ": version is '1.2.3'",
            PACKAGE + ": __version__ is '1.2.3'",
            "CHANGELOG.md says nothing of 1.2.4");
  }

  @Test
  void takesNoVersionThatIsStillMade() throws Exception {
    copy("1.2.3-SNAPSHOT", "1.2.3-SNAPSHOT");
    assertThat(check("1.2.3-SNAPSHOT"))
        .startsWith("1: ")
        .contains("'1.2.3-SNAPSHOT' is no version of a release");
  }

  /** The repository's own files, with these versions. */
  private void copy(String version, String pythonVersion) throws IOException {
    for (String script : List.of(".ci/release-check", ".ci/release-notes")) {
      Files.createDirectories(folder.resolve(script).getParent());
      Files.copy(ROOT.resolve(script), folder.resolve(script));
      assertThat(folder.resolve(script).toFile().setExecutable(true)).isTrue();
    }
    rewrite("pom.xml", "(?s)<version>.*?</version>", "<version>" + version + "</version>");
    rewrite(CHART, "(?m)^(version|appVersion):.*$", "$1: " + version);
    rewrite(PROJECT, "(?m)^version = .*$", "version = \"" + pythonVersion + "\"");
    rewrite(PACKAGE, "(?m)^__version__ = .*$", "__version__ = \"" + pythonVersion + "\"");
    Files.writeString(
        folder.resolve("CHANGELOG.md"), "## [" + version + "] - 2026-01-01\n\n- Something.\n");
  }

  private void rewrite(String file, String pattern, String replacement) throws IOException {
    Path copy = folder.resolve(file);
    Files.createDirectories(copy.getParent());
    Files.writeString(copy, Files.readString(ROOT.resolve(file)).replaceAll(pattern, replacement));
  }

  /** Exit status, and what it said. */
  private String check(String version) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(folder.resolve(".ci/release-check").toString(), version)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + ": " + said;
  }
}
