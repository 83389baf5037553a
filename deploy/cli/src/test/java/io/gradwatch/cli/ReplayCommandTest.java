package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.agent.ReplayListener;
import io.gradwatch.agent.ReplaySummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayCommandTest {

  @Test
  void doesNotTellTheEndBeforeTheBrokerHasTheEvents() {
    List<String> heard = new ArrayList<>();
    ReplayListener listener =
        ReplayCommand.untilTheEnd(
            new ReplayListener() {
              @Override
              public void advanced(long steps, double progress) {
                heard.add("advanced");
              }

              @Override
              public void runFailed(String runId, String message) {
                heard.add("failed");
              }

              @Override
              public void finished(ReplaySummary summary) {
                heard.add("finished");
              }
            });

    listener.advanced(1, 0.5);
    listener.runFailed("r", "damaged");
    listener.finished(new ReplaySummary(1, 1, 2, Map.of(), true, Duration.ZERO));

    assertThat(heard).containsExactly("advanced", "failed");
  }
}
