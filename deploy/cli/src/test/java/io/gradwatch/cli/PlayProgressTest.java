package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.agent.PlayListener;
import io.gradwatch.agent.PlaySummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlayProgressTest {

  @Test
  void doesNotTellTheEndBeforeTheBrokerHasTheEvents() {
    List<String> heard = new ArrayList<>();
    PlayListener listener =
        new PlayProgress(
                new PlayListener() {
                  @Override
                  public void advanced(long steps, double progress) {
                    heard.add("advanced");
                  }

                  @Override
                  public void runFailed(String runId, String message) {
                    heard.add("failed");
                  }

                  @Override
                  public void finished(PlaySummary summary) {
                    heard.add("finished");
                  }
                },
                System.err,
                false)
            .untilTheEnd();

    listener.advanced(1, 0.5);
    listener.runFailed("r", "damaged");
    listener.finished(new PlaySummary(1, 1, 2, Map.of(), true, Duration.ZERO, Duration.ZERO));

    assertThat(heard).containsExactly("advanced", "failed");
  }
}
