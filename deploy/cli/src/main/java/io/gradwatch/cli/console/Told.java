package io.gradwatch.cli.console;

import io.gradwatch.cli.terminal.Style;
import io.gradwatch.console.api.AlarmView;
import java.io.PrintWriter;

/** What became of a change, in one line. */
final class Told {
  private Told() {}

  static void alarm(PrintWriter out, OutputFormat output, String what, AlarmView alarm) {
    if (output.isJson()) {
      JsonLines.print(out, alarm);
      return;
    }
    out.println(
        Style.harmless(
            what
                + "  "
                + alarm.id()
                + "  "
                + Figures.words(alarm.kind())
                + " of "
                + alarm.project()
                + "/"
                + alarm.run()
                + ", now "
                + Figures.words(alarm.status().name())));
    out.flush();
  }
}
