package io.gradwatch.traces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.RunStarted;
import io.gradwatch.traces.JsonBatch.Form;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveRunsTest {
  private final LiveRuns runs = new LiveRuns(1_000);

  @Test
  void knowARunOnlyOnceItsEventsAreTaken() throws Exception {
    assertThat(told(runs.propose(row("a", 0, "")))).containsExactly("RunStarted", "StepCompleted");
    assertThat(runs.size()).isZero();

    take(row("a", 0, ""));

    assertThat(runs.size()).isEqualTo(1);
    assertThat(told(runs.propose(row("a", 1, "")))).containsExactly("StepCompleted");
  }

  @Test
  void goOnFromWhatWasTakenAsIfTheRestHadNotBeen() throws Exception {
    take(row("a", 0, ",\"layer_names\":[\"x\"],\"layer_grad_norms\":[1]"));
    runs.propose(row("a", 1, ",\"event\":\"resume\""));

    assertThat(runs.propose(row("a", 1, "")).events().get(0).getAttempt()).isZero();

    LiveRuns.Proposal resumed = runs.propose(row("a", 1, ",\"event\":\"resume\""));
    resumed.take();
    assertThat(resumed.events().get(0).getAttempt()).isEqualTo(1);
    assertThat(((RunStarted) resumed.events().get(0).getBody()).getLayerNames())
        .containsExactly("x");
    assertThat(runs.propose(row("a", 2, "")).events().get(0).getAttempt()).isEqualTo(1);
  }

  @Test
  void forgetThoseNotHeardOfForLongestWhenThereIsNoRoom() throws Exception {
    take(row("a", 0, ""));
    take(row("b", 0, ""));
    take(row("a", 1, ""));

    take(row("c", 0, ""));

    assertThat(runs.size()).isEqualTo(2);
    assertThat(told(runs.propose(row("a", 2, "")))).containsExactly("StepCompleted");
    assertThat(told(runs.propose(row("b", 1, "")))).containsExactly("RunStarted", "StepCompleted");
  }

  @Test
  void makeRoomForNamesOfLayersAsWell() throws Exception {
    take(row("a", 0, ""));

    take(row("b", 0, ",\"layer_names\":[\"" + "x".repeat(200) + "\"]"));

    assertThat(runs.size()).isEqualTo(1);
    assertThat(told(runs.propose(row("b", 1, "")))).containsExactly("StepCompleted");
  }

  @Test
  void sayAgainWhoARunIsEveryFewMinutes() throws Exception {
    take(row("a", 0, ",\"layer_names\":[\"x\"],\"layer_grad_norms\":[1],\"attempt\":2"));

    assertThat(told(runs.propose(row("a", 1, "", 299_999)))).containsExactly("StepCompleted");
    LiveRuns.Proposal again = runs.propose(row("a", 1, "", 300_000));
    assertThat(told(again)).containsExactly("RunStarted", "StepCompleted");
    assertThat(again.events().get(0).getAttempt()).isEqualTo(2);
    assertThat(((RunStarted) again.events().get(0).getBody()).getLayerNames()).containsExactly("x");
    assertThat(told(runs.propose(row("a", 1, "", 400_000))))
        .as("until it is taken")
        .contains("RunStarted");

    again.take();

    assertThat(told(runs.propose(row("a", 2, "", 599_999)))).containsExactly("StepCompleted");
    assertThat(told(runs.propose(row("a", 2, "", 600_000)))).contains("RunStarted");
  }

  private void take(JsonBatch batch) {
    runs.propose(batch).take();
  }

  private static JsonBatch row(String run, long step, String more) throws RefusedRowException {
    return row(run, step, more, 0);
  }

  private static JsonBatch row(String run, long step, String more, long now)
      throws RefusedRowException {
    String json = "{\"run\":\"" + run + "\",\"step\":" + step + ",\"loss\":1" + more + "}";
    return JsonBatch.read(json.getBytes(UTF_8), Form.JSON, 1, now);
  }

  private static List<String> told(LiveRuns.Proposal proposal) {
    return proposal.events().stream().map(e -> e.getBody().getClass().getSimpleName()).toList();
  }
}
