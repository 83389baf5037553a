package io.gradwatch.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleAccessTest {
  @TempDir private Path folder;

  @Test
  void aConsoleThatDoesNotAnswerIsToldWithWhatToDo() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    CommandRun run = CommandRun.of("status", "--console=http://127.0.0.1:" + port + "/");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "gradwatch: the console at http://127.0.0.1:"
                + port
                + " does not answer; start one with `gradwatch up` or `gradwatch console`, or say"
                + " where it is with --console\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://10.0.0.1:9600", "http://console.example", "http://127.0.0.1.example"})
  void aTokenIsNotSentInTheClearToAnotherMachine(String url) throws IOException {
    CommandRun run = CommandRun.of("status", "--console=" + url, "--token-file=" + token("secret"));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("without TLS: the token would be readable")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9600", "ftp://127.0.0.1", "http://", "http://me:pw@127.0.0.1", "http:// x"})
  void whatIsNoAddressIsRefused(String url) {
    CommandRun run = CommandRun.of("status", "--console=" + url);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("it must be an address such as http://127.0.0.1:9600");
  }

  @Test
  void aTokenIsSentAndThenNoCsrfIsNeeded() throws IOException {
    try (StubConsole console = new StubConsole()) {
      console.on("GET /fleet", SampleRecords.fleet());

      assertThat(console.run("status", "--token-file=" + token("secret\n")).code()).isZero();
      assertThat(console.last().token()).isEqualTo("Bearer secret");
      assertThat(console.run("status", "--token-file=" + token("two\nlines")).err())
          .contains("characters that no token has");
    }
  }

  @Test
  void whyAConsoleRefusesIsTold() throws IOException {
    try (StubConsole console = new StubConsole()) {
      console.refuse("GET /fleet", 401, "send a token\u001b[2J");
      CommandRun noToken = console.run("status");
      CommandRun unknown = console.run("labels");
      console.on("GET /silences", 200, "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      CommandRun other = console.run("silence", "list");
      console.on("GET /alarms", 302, new byte[0]);

      assertThat(noToken.code()).isEqualTo(1);
      assertThat(noToken.err())
          .contains(console.url(), "refused (401): send a token\uFFFD[2J; give a token with");
      assertThat(unknown.err()).contains("refused (404): nothing lies ready for /labels");
      assertThat(other.err()).contains("with something else than a console does");
      assertThat(console.run("alarms").err()).contains("sends elsewhere (302)");
    }
  }

  private Path token(String text) throws IOException {
    return Files.writeString(folder.resolve("token"), text);
  }
}
