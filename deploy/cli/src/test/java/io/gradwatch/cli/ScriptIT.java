package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user starts it: the script, a process of its own, the packaged jars. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class ScriptIT {
  private static final Path SCRIPT = Path.of("../bin/gradwatch").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void pipeAnswersEachEventBeforeTheNextIsSent() throws IOException, InterruptedException {
    Process process = start("pipe");
    try (BufferedWriter events = process.outputWriter(StandardCharsets.UTF_8);
        BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
      for (int step = 0; step < 3; step++) {
        events.write(
            "{\"run\":\"r\",\"step\":%d,\"loss\":1.0,\"grad_norm\":1.0}%n".formatted(step));
        events.flush();
        assertThat(answers.readLine())
            .startsWith("{\"run\":\"r\",\"step\":" + step + ",\"clip_threshold\":");
      }
      events.write("nonsense\n");
      events.flush();
      assertThat(answers.readLine()).startsWith("{\"error\":");
      events.close();
      assertThat(answers.readLine()).isNull();
    }
    assertThat(process.waitFor()).isZero();
    assertThat(errors()).isEmpty();
  }

  @Test
  void backtestWritesItsLines() throws IOException, InterruptedException {
    Path lost = Recordings.loseTheLoss(folder.resolve("lost.csv"));
    Path alarms = folder.resolve("alarms.jsonl");

    Process process = start("backtest", lost.toString(), "--alarms", alarms.toString());

    assertThat(process.waitFor()).isZero();
    assertThat(Files.readString(alarms)).startsWith("{\"run\":\"lost\",");
  }

  @Test
  void tellsItsVersionAndMistakes() throws IOException, InterruptedException {
    Process version = start("--version");
    assertThat(version.inputReader().readLine()).matches("gradwatch \\d+\\.\\d+\\.\\d+.*");
    assertThat(version.waitFor()).isZero();

    assertThat(start("nonsense").waitFor()).isEqualTo(2);
  }

  @Test
  void saysWhatIsMissingWhenThereIsNoJava() throws IOException, InterruptedException {
    ProcessBuilder builder = builder("--version");
    builder.environment().put("JAVA_HOME", folder.toString());

    assertThat(builder.start().waitFor()).isEqualTo(1);
    assertThat(errors())
        .isEqualTo("gradwatch: JAVA_HOME is " + folder + ", but there is no bin/java in it\n");
  }

  private Process start(String... arguments) throws IOException {
    return builder(arguments).start();
  }

  private ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile());
    builder.environment().put("GRADWATCH_NO_BUILD", "yes");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("errors"));
  }
}
