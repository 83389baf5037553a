package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.Style;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.cli.terminal.TextTable;
import io.gradwatch.cli.terminal.Words;
import io.gradwatch.console.api.AlarmPage;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gradwatch alarms}. */
@Command(name = "alarms", description = "Alarms with where they stand, newest first.")
public final class AlarmsCommand implements Callable<Integer> {
  /** For completion. */
  static final class Statuses extends Words {
    Statuses() {
      super(AlarmStatus.values());
    }
  }

  private static final int MOST = 500;

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Mixin private OutputFormat output = new OutputFormat();

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      split = ",",
      completionCandidates = Statuses.class,
      description =
          "Of these only: open, acknowledged, silenced, resolved. Default: all but resolved.")
  private List<AlarmStatus> statuses =
      List.of(AlarmStatus.OPEN, AlarmStatus.ACKNOWLEDGED, AlarmStatus.SILENCED);

  @Mixin private ListOptions list = new ListOptions();

  @Option(
      names = "--run",
      paramLabel = "PROJECT/RUN",
      converter = RunName.Converter.class,
      description = "Of this run only.")
  private @Nullable RunName run;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    AlarmPage page =
        console
            .client()
            .get(
                new Query("/alarms")
                    .with(
                        "status",
                        String.join(",", statuses.stream().map(AlarmStatus::name).toList()))
                    .with("project", run == null ? list.project() : run.project())
                    .with("run", run == null ? null : run.run())
                    .with("limit", list.limit(MOST))
                    .toString(),
                AlarmPage.class);
    PrintWriter out = commandLine.getOut();
    if (output.isJson()) {
      page.alarms().forEach(alarm -> JsonLines.print(out, alarm));
    } else if (page.alarms().isEmpty()) {
      out.println("no alarms");
      out.flush();
    } else {
      table(Terminal.detect().outStyle(), page.alarms()).print(out, Terminal.detect());
      ListOptions.tellRest(out, page.total(), page.alarms().size());
    }
    return CommandLine.ExitCode.OK;
  }

  static TextTable table(Style style, List<AlarmView> alarms) {
    TextTable table =
        new TextTable("ALARM", "STATUS", "SEVERITY", "KIND", "RUN", " SINCE STEP", "WHAT");
    for (AlarmView alarm : alarms) {
      table.add(
          new TextTable.Cell(AlarmFinder.brief(alarm.id()), style::accent),
          new TextTable.Cell(
              Figures.words(alarm.status().name()),
              text -> Figures.paint(style, alarm.status(), text)),
          new TextTable.Cell(
              Figures.words(alarm.severity()),
              text -> Figures.paint(style, alarm.severity(), text)),
          TextTable.cell(Figures.words(alarm.kind())),
          TextTable.cell(RunName.shortest(alarm.project(), alarm.run())),
          TextTable.cell(Figures.step(alarm.onsetStep())),
          TextTable.cell(alarm.summary()));
    }
    return table;
  }
}
