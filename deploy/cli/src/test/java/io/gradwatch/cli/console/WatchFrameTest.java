package io.gradwatch.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.console.api.RunState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchFrameTest {
  @ParameterizedTest
  @ValueSource(ints = {40, 80, 200})
  void noLineIsWiderThanTheTerminal(int columns) {
    String run = "a-run-with-a-name-that-is-" + "long-".repeat(20);
    List<String> lines =
        WatchFrame.of(
            SampleRecords.run(run, RunState.CRITICAL),
            SampleRecords.series(run),
            new Terminal(true, true, true, columns),
            5_000);

    assertThat(lines)
        .hasSizeGreaterThan(6)
        .allSatisfy(
            line ->
                assertThat(line.replaceAll("\u001b\\[[0-9;]*m", ""))
                    .hasSizeLessThanOrEqualTo(columns));
  }

  @Test
  void ofARunThatTellsNoThresholdItSaysWhatTheAdviceWouldClip() {
    List<String> lines =
        WatchFrame.of(
            SampleRecords.run(SampleRecords.row("r", RunState.HEALTHY, null)),
            SampleRecords.series("r"),
            new Terminal(false, false, false, 120),
            5_000);

    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("advised 1.37, applied -; it would clip 25.0 % of recent steps"));
  }
}
