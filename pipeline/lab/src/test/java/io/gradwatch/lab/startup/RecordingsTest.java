package io.gradwatch.lab.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {
  @TempDir private Path folder;

  @Test
  void countsTheValuesOfEveryLayerOfEverySeries() throws Exception {
    Path file =
        recording(
            "a.csv",
            "step,loss,grad_norm/x,grad_norm/y,weight_norm/x,weight_norm/y\n0,1,1,2,3,4\n1,1,1,2,,4\n");

    assertThat(Recordings.layerValues(file))
        .as("a series with a blank is not reported")
        .isEqualTo(4 + 2);
  }

  @Test
  void tellsTheFirstStepsAsAPipeReadsThem() throws Exception {
    Path file = recording("a.csv", "step,loss,grad_norm\n0,NaN,2\n1,0.5,\n2,0,0\n");

    assertThat(Recordings.lines(file, 2))
        .containsExactly(
            "{\"run\":\"a\",\"step\":0,\"loss\":\"NaN\",\"grad_norm\":2.0,\"learning_rate\":null}",
            "{\"run\":\"a\",\"step\":1,\"loss\":0.5,\"grad_norm\":null,\"learning_rate\":null}");
  }

  @Test
  void areTheFirstByNameAndNothingElseOfTheFolder() throws Exception {
    recording("b.csv", "step\n");
    recording("labels.json", "{}");
    recording("a.csv", "step\n");
    recording("c.csv", "step\n");

    assertThat(Recordings.first(2, folder))
        .containsExactly(folder.resolve("a.csv"), folder.resolve("b.csv"));
    assertThatIOException()
        .isThrownBy(() -> Recordings.first(4, folder))
        .withMessageContaining("holds 3 recordings; asked for 4");
  }

  private Path recording(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
