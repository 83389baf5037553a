package io.gradwatch.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchScreenTest {
  @Test
  void drawsOverWhatItDrewAndLeavesTheCursorVisible() {
    StringWriter out = new StringWriter();
    WatchScreen screen = new WatchScreen(new PrintWriter(out));

    screen.draw(List.of("one", "two"));
    screen.draw(List.of("three"));
    screen.leave();

    assertThat(out.toString())
        .isEqualTo(
            "\u001b[?25lone\u001b[K\ntwo\u001b[K\n\u001b[J"
                + "\u001b[?25l\u001b[2A\rthree\u001b[K\n\u001b[J"
                + "\u001b[?25h");
  }

  @Test
  void whatDrewNothingLeavesNothing() {
    StringWriter out = new StringWriter();

    new WatchScreen(new PrintWriter(out)).leave();

    assertThat(out.toString()).isEmpty();
  }
}
