package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedRunsTest {
  private static final String CSV = "step,loss\n1,2\n2,3\n";
  private static final String JSONL = "{\"step\":1,\"loss\":2}\n{\"step\":2,\"loss\":3}\n";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"my.run.csv", "my.run.csv.gz", "my.run.jsonl", "my.run.jsonl.gz"})
  void openByTheirName(String name) throws Exception {
    byte[] text = (name.contains("csv") ? CSV : JSONL).getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve(name), name.endsWith("gz") ? gzip(text) : text);

    try (RecordedRun run = RecordedRuns.open(file)) {
      assertThat(run.runId()).isEqualTo("my.run");
      assertThat(TraceFiles.all(run))
          .hasSize(4)
          .allSatisfy(e -> assertThat(e.getRunId()).isEqualTo("my.run"));
      assertThat(run.progress()).isEqualTo(1);
      assertThat(run.next()).isNull();
    }
    assertThat(RecordedRuns.isRecordedRun(file)).isTrue();
  }

  @Test
  void refuseOtherNames() {
    assertThat(RecordedRuns.isRecordedRun(folder.resolve("run.txt"))).isFalse();
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> RecordedRuns.open(Path.of("run.txt")))
        .withMessage(
            "run.txt: no recorded run by its name; allowed: NAME.csv, NAME.csv.gz, NAME.jsonl, NAME.jsonl.gz");
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> RecordedRuns.open(Path.of(".csv")));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> RecordedRuns.open(folder.resolve("run.csv")));
  }

  @Test
  void giveWhatStandsBeforeTheEndOfDamagedData() throws Exception {
    StringBuilder csv = new StringBuilder("step,loss\n");
    for (int step = 0; step < 50_000; step++) {
      csv.append(step).append(',').append(Integer.toHexString(step).hashCode()).append('\n');
    }
    byte[] whole = gzip(csv.toString().getBytes(StandardCharsets.UTF_8));
    Path file = Files.write(folder.resolve("run.csv.gz"), Arrays.copyOf(whole, whole.length / 2));

    try (RecordedRun run = RecordedRuns.open(file)) {
      assertThat(run.next()).isNotNull();
      assertThat(run.next()).isNotNull();
      assertThatExceptionOfType(TraceFormatException.class)
          .isThrownBy(() -> TraceFiles.all(run))
          .withMessageMatching(
              ".*run\\.csv\\.gz: line \\d{4,}: the gzip data ends early or is damaged: .*");
    }
  }

  @Test
  void refuseWhatIsNoGzip() throws Exception {
    Path file = Files.writeString(folder.resolve("run.csv.gz"), CSV);

    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> RecordedRuns.open(file))
        .withMessageContaining("no gzip data, or damaged");
  }

  private static byte[] gzip(byte[] text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text);
    }
    return bytes.toByteArray();
  }
}
