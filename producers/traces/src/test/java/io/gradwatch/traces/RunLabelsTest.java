package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.traces.RunLabel.Outcome;
import io.gradwatch.traces.RunLabel.Spike;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunLabelsTest {

  @Test
  void readsEveryFieldThatIsKnownAndPassesOverTheOthers() throws IOException {
    assertThat(
            read(
                """
                {"a": {"scenario": "bad_batch", "steps": 900, "outcome": "spiked", "onset_step": 4,
                       "failure_step": null, "spikes": [[4, 7], [90, 90]], "eval_rise": 1.25,
                       "fault": {"kind": "bad_batch", "at": [1, 2]}, "clip": null}}
                """))
        .containsExactly(
            Map.entry(
                "a",
                new RunLabel(
                    "bad_batch",
                    900L,
                    Outcome.SPIKED,
                    4L,
                    null,
                    List.of(new Spike(4, 7), new Spike(90, 90)),
                    1.25)));
  }

  @Test
  void needsTheOutcomeOnlyAndKeepsTheOrderOfTheFile() throws IOException {
    Map<String, RunLabel> labels =
        read(
            """
            {"z": {"outcome": "healthy"}, "a": {"outcome": "overfit", "eval_rise": null}}
            """);

    assertThat(labels.keySet()).containsExactly("z", "a");
    assertThat(labels.get("z")).isEqualTo(new RunLabel(Outcome.HEALTHY, null, null, List.of()));
    assertThat(labels.get("a")).isEqualTo(new RunLabel(Outcome.OVERFIT, null, null, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]                                              | no labels",
        "{\"r\": 3}                                       | run 'r', line 1: label is '3'",
        "{\"r\": {\"steps\": 3}}                          | run 'r' has no outcome",
        "{\"r\": {\"outcome\": \"well\"}}                 | outcome is 'well'; allowed: one of [he",
        "{\"r\": {\"outcome\": null}}                     | outcome is 'null'; allowed: one of [he",
        "{\"r\": {\"onset_step\": 1.5}}                   | onset_step is '1.5'; allowed: a step",
        "{\"r\": {\"steps\": \"9\"}}                      | steps is '9'; allowed: a step",
        "{\"r\": {\"failure_step\": -1}}                  | failure_step is '-1'; allowed: a step",
        "{\"r\": {\"eval_rise\": \"much\"}}               | eval_rise is 'much'; allowed: a number",
        "{\"r\": {\"spikes\": [3, 4]}}                    | spikes is '3'; allowed: a list of",
        "{\"r\": {\"spikes\": [[3]]}}                     | spikes is ']'; allowed: a step",
        "{\"r\": {\"spikes\": [[3, 4, 5]]}}               | spikes is '5'; allowed: a list of"
      })
  void namesTheRunTheFieldAndWhatIsAllowed(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  private static Map<String, RunLabel> read(String text) throws IOException {
    return RunLabels.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
