package io.gradwatch.lab.startup;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.lab.Machine;
import org.junit.jupiter.api.Test;

class StartUpTextTest {
  private static final Machine MACHINE = new Machine(2, "cpu", 3, 4, "java", "os");

  @Test
  void tellsValuesASecondWithAndWithoutTheStartOfJava() {
    String line = new StartUpText(true, MACHINE).row(7, 4_000_000, lasting(4), lasting(2));

    assertThat(line)
        .contains(
            "\"what\":\"backtest\"",
            "\"files\":7,",
            "\"values_per_second\":1000000.0,",
            "\"values_per_second_after_start\":2000000.0,",
            "\"values_per_cpu_second\":500000.0,",
            "\"machine\":{");
  }

  @Test
  void hasAsManyCellsInEveryRowAsInItsHead() {
    StartUpText text = new StartUpText(false, MACHINE);
    long head = bars(StartUpText.HEAD.lines().findFirst().orElseThrow());

    assertThat(bars(text.row("pipe", "its first answer", lasting(1)))).isEqualTo(head);
    assertThat(bars(text.row(7, 10, lasting(4), lasting(2)))).isEqualTo(head);
  }

  /** Two seconds of processor time for each second. */
  private static Launches lasting(long seconds) {
    Launches launches = new Launches();
    launches.add(new Launch(seconds * 1_000_000_000L, 2_000 * seconds));
    return launches;
  }

  private static long bars(String row) {
    return row.chars().filter(c -> c == '|').count();
  }
}
