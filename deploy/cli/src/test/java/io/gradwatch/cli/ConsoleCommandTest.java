package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before any Kafka is asked. */
class ConsoleCommandTest {
  private static final String TOKEN = "0123456789abcdef-secret";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "--port=65536, --port must be 0 to 65535",
    "--history=0, --history must be at least 1",
    "--bind=0.0.0.0, speaks no TLS",
    "--bind=no.such.host.invalid, --bind is no address",
    "--runbook-url=javascript:alert(1), must be an address that begins with http:// or https://"
  })
  void optionsOutOfBoundsAreRefused(String option, String message) {
    CommandRun run = run(option);
    assertThat(run.code()).isEqualTo(ExitCode.NOT_UNDERSTOOD);
    assertThat(run.err()).contains(message);
  }

  @Test
  void whatOthersCanReachNeedsToKnowWhoComes() {
    CommandRun run = run("--bind=0.0.0.0", "--allow-plaintext-http");
    assertThat(run.code()).isEqualTo(ExitCode.NOT_UNDERSTOOD);
    assertThat(run.err()).contains("give --tokens or --proxy-secret-file");
  }

  @Test
  void aFileOfTokensThatIsNoneIsRefusedWithoutTellingAToken() throws IOException {
    Path tokens = Files.writeString(folder.resolve("tokens"), "boss ana " + TOKEN);
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    CommandRun run = run("--tokens=" + tokens);
    assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(run.err())
        .contains("line 1: role is 'boss', must be viewer or operator")
        .doesNotContain(TOKEN);
  }

  private static CommandRun run(String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "console";
    all[1] = "--bootstrap-server=127.0.0.1:1";
    System.arraycopy(options, 0, all, 2, options.length);
    return CommandRun.of(all);
  }
}
