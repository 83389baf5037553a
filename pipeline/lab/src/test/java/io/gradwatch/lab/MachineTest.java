package io.gradwatch.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void takesTheProcessorsNameFromTheFirstLineThatTellsIt() {
    List<String> lines =
        List.of("processor\t: 0", "model name\t: Example 9000 @ 2 GHz", "model name\t: Other");
    assertThat(Machine.model(lines, "amd64")).isEqualTo("Example 9000 @ 2 GHz");
  }

  @Test
  void namesTheArchitectureWhereTheSystemTellsNoProcessor() {
    assertThat(Machine.model(List.of("Hardware: x", "model name:"), "aarch64"))
        .isEqualTo("aarch64");
  }

  @Test
  void standsAtTheEndOfEveryLine() {
    Machine machine = new Machine(2, "a \"fast\" one", 1 << 30, 1 << 20, "VM 17", "Linux 6");
    String line = new JsonLine("here").with("job", "X").with("n", 3).with("rate", 0.5).on(machine);
    assertThat(line)
        .isEqualTo(
            "{\"benchmark\":\"here\",\"job\":\"X\",\"n\":3,\"rate\":0.5,\"machine\":"
                + "{\"processors\":2,\"cpu\":\"a \\\"fast\\\" one\",\"memory_bytes\":1073741824,"
                + "\"heap_bytes\":1048576,\"java\":\"VM 17\",\"os\":\"Linux 6\"}}");
  }

  @Test
  void knowsTheOneItRunsOn() {
    Machine here = Machine.here();
    assertThat(here.processors()).isPositive();
    assertThat(here.memoryBytes()).isGreaterThan(here.heapBytes() / 8);
    assertThat(here.cpu()).isNotBlank();
    assertThat(here.java()).contains(Runtime.version().toString());
  }
}
