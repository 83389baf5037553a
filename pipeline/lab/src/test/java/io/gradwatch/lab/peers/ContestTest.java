package io.gradwatch.lab.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.lab.recordings.TraceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everybody on the same two runs: one healthy, one whose loss is NaN from step 250 on. */
class ContestTest {
  private static final int STEPS = 300;
  private static final int FAILURE = 250;

  @TempDir private Path folder;

  @BeforeEach
  void record() throws IOException {
    write("healthy-00", STEPS);
    write("lost-00", FAILURE);
    Files.writeString(
        folder.resolve("labels.json"),
        """
        {"healthy-00": {"scenario": "healthy", "steps": 300, "outcome": "healthy"},
         "lost-00": {"scenario": "lost", "steps": 300, "outcome": "diverged", "onset_step": 250, "failure_step": 250}}
        """);
  }

  private void write(String run, int finite) throws IOException {
    Random random = new Random(1);
    Stream<String> rows =
        IntStream.range(0, STEPS)
            .mapToObj(
                step ->
                    step < finite
                        ? "%d,%.4f,%.4f"
                            .formatted(
                                step,
                                2 + 0.05 * random.nextGaussian(),
                                Math.exp(0.1 * random.nextGaussian()))
                        : step + ",NaN,NaN");
    Files.write(
        folder.resolve(run + ".csv"),
        Stream.concat(Stream.of("step,loss,grad_norm"), rows).toList());
  }

  @Test
  void judgesEveryRuleByTheSameTruth() throws Exception {
    Contest contest = Contest.hold(TraceFolder.open(folder), 2);
    assertThat(contest.peers()).containsOnlyKeys(Peer.values());
    Scorecard nan = contest.of(Peer.NAN);
    assertThat(nan.inTime()).hasToString("1/1");
    assertThat(nan.abruptDelays().median()).isZero();
    assertThat(nan.falsePages()).isZero();
    assertThat(nan.watchedSteps()).isEqualTo(STEPS + FAILURE);
    assertThat(contest.of(Peer.KILL_LOSS_SPIKE).inTime()).hasToString("0/1");
    assertThat(contest.gradwatch().inTime()).hasToString("1/1");
    assertThat(contest.gradwatch().falsePages()).isZero();
  }

  @Test
  void tellsTheSameWhateverTheThreads() throws Exception {
    TraceFolder recordings = TraceFolder.open(folder);
    Contest one = Contest.hold(recordings, 1);
    Contest two = Contest.hold(recordings, 2);
    assertThat(ContestText.table(one)).isEqualTo(ContestText.table(two)).hasSize(9);
    assertThat(ContestText.json(one)).isEqualTo(ContestText.json(two)).hasSize(7);
    assertThat(LeadTimesFigure.draw(one)).isEqualTo(LeadTimesFigure.draw(two)).contains(">lost<");
  }

  @Test
  void refusesAFolderWhoseLabelsAreOfOtherRuns() throws Exception {
    Files.delete(folder.resolve("healthy-00.csv"));
    assertThatThrownBy(() -> TraceFolder.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("names 2 runs, the folder holds 1");
  }
}
