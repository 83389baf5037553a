package io.gradwatch.lab.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolTest {
  @TempDir private Path folder;

  @Test
  void readsLinesUntilTheOneThatIsWaitedForAndEndsTheProcess() throws Exception {
    // The Java of this test as a tool that says something on standard output and ends.
    Launch launch = java().until(line -> line.contains("."), List.of("--version"), List.of());

    assertThat(launch.nanos()).isPositive();
  }

  @Test
  void tellsWhatWasSaidOnStandardErrorWhenItFails() {
    assertThatIOException()
        .isThrownBy(() -> java().run(List.of("-no-such-option")))
        .withMessageContaining("ended with 1")
        .withMessageContaining("no-such-option");
  }

  @Test
  void failsWhenTheLineNeverComes() {
    assertThatIOException()
        .isThrownBy(() -> java().until(line -> false, List.of("--version"), List.of()))
        .withMessageContaining("ended before it said what was waited for");
  }

  @Test
  void knowsTheRowOfAnAlarmFromThoseOfAdviceAndFromTheHead() {
    assertThat(StartUpCommand.isAlarm("run-a        17  CRITICAL  DIVERGENCE  the loss has left"))
        .isTrue();
    assertThat(StartUpCommand.isAlarm("run-a        17  advice    UPDATE      clip at 1"))
        .isFalse();
    assertThat(StartUpCommand.isAlarm("RUN        STEP  LEVEL     KIND        WHAT")).isFalse();
    assertThat(StartUpCommand.isAlarm("")).isFalse();
  }

  private Tool java() {
    return new Tool(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        folder.resolve("log"),
        Duration.ofMinutes(2));
  }
}
