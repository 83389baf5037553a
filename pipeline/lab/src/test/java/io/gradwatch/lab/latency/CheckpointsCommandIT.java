package io.gradwatch.lab.latency;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.lab.FlatJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(300)
class CheckpointsCommandIT {
  @Test
  void savesStartsAgainAndRecoversOnEitherBackend() throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        new CommandLine(new CheckpointsCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));

    int exitCode =
        command.execute(
            "--runs=20",
            "--layers=3",
            "--reported=ALL_NORMS",
            "--rate=200",
            "--checkpoints=2",
            "-D=execution.checkpointing.interval=500ms",
            "--json");

    assertThat(exitCode).as(err.toString()).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(2);
    for (int i = 0; i < lines.size(); i++) {
      Map<String, String> row = FlatJson.read(lines.get(i));
      assertThat(row)
          .containsEntry("runs", "20")
          .containsEntry("reported", "ALL_NORMS")
          .containsEntry("state", i == 0 ? "hashmap" : "rocksdb");
      // What a run of three layers and three arrays cannot do without.
      assertThat(Long.parseLong(row.get("bytes"))).isGreaterThan(20 * 3 * 3 * 8);
      assertThat(Integer.parseInt(row.get("checkpoints"))).isGreaterThanOrEqualTo(2);
      assertThat(Long.parseLong(row.get("checkpoint_p50_bytes"))).isGreaterThan(20 * 3 * 3 * 8);
      assertThat(row).containsKeys("restore_ms", "recovery_ms", "checkpoint_largest_ms");
    }
  }
}
