package io.gradwatch.lab.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.lab.JsonLine;
import io.gradwatch.lab.Machine;
import io.gradwatch.lab.throughput.Growth.Axis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GrowthTest {
  @TempDir private Path folder;

  /** Costs that tell where they come from: layers + runs / 1000 + parallelism / 10. */
  private static List<String> grid() {
    List<String> lines = new ArrayList<>();
    for (String job : List.of("PASSTHROUGH", "FULL")) {
      for (int layers : new int[] {10, 100, 1_000}) {
        for (int runs : new int[] {10, 1_000, 10_000}) {
          for (int parallelism : new int[] {1, 2}) {
            lines.add(
                new JsonLine("throughput")
                    .with("job", job)
                    .with("reported", "GRADIENTS")
                    .with("layers", layers)
                    .with("runs", runs)
                    .with("parallelism", parallelism)
                    .with("cpu_ns_per_value", layers + runs / 1_000.0 + parallelism / 10.0)
                    .on(new Machine(2, "x", 1, 1, "VM", "OS")));
          }
        }
      }
    }
    return lines;
  }

  @Test
  void letsOneMeasureGrowAndTheOthersStay() throws Exception {
    Growth growth = new Growth(grid());
    assertThat(growth.costs(Axis.LAYERS))
        .containsOnlyKeys("FULL, GRADIENTS", "PASSTHROUGH, GRADIENTS")
        .containsEntry(
            "FULL, GRADIENTS",
            new java.util.TreeMap<>(Map.of(10, 11.1, 100, 101.1, 1_000, 1_001.1)));
    assertThat(growth.costs(Axis.RUNS).get("FULL, GRADIENTS").keySet())
        .containsExactly(10, 1_000, 10_000);
    assertThat(growth.costs(Axis.PARALLELISM).get("FULL, GRADIENTS"))
        .isEqualTo(Map.of(1, 101.1, 2, 101.2));
  }

  @Test
  void drawsAPictureForEachMeasure() throws Exception {
    Path in = Files.write(folder.resolve("grid.jsonl"), grid());
    int code =
        new CommandLine(new GrowthCommand()).execute(in.toString(), "--figures", folder.toString());
    assertThat(code).isZero();
    for (Axis axis : Axis.values()) {
      Path file = folder.resolve("growth-" + axis.field() + ".png");
      assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(800);
    }
  }
}
