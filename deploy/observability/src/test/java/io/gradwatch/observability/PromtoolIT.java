package io.gradwatch.observability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own tool says, that of Debian. */
@Tag("installed")
@Timeout(600)
class PromtoolIT {
  private static final String PROGRAM = "/usr/bin/promtool";

  @Test
  void takesTheRules() throws Exception {
    promtool("check", "rules", Rules.FILE.toString());
  }

  @Test
  void seesEachAlertFireWhenItShould() throws Exception {
    promtool("test", "rules", Rules.TESTS.toString());
  }

  @Test
  void takesTheConfiguration(@TempDir Path folder) throws Exception {
    Path token = Files.writeString(folder.resolve("console-token"), "a token\n");
    Path config = folder.resolve(Rules.CONFIG.getFileName());
    Files.writeString(
        config,
        Files.readString(Rules.CONFIG).replaceFirst("/\\S+/console-token", token.toString()));
    Files.copy(Rules.FILE, folder.resolve(Rules.FILE.getFileName()));
    promtool("check", "config", config.toString());
  }

  private static void promtool(String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(PROGRAM), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .start();
    String told = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(told).isZero();
  }
}
