package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.Sparkline;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.cli.terminal.TextTable;
import io.gradwatch.cli.terminal.Words;
import io.gradwatch.console.api.AlarmBrief;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.FleetPage;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gradwatch status}. */
@Command(
    name = "status",
    description = {
      "The fleet: every run with its state, loss, gradient norm and gravest alarm; those that need"
          + " somebody most come first."
    })
public final class StatusCommand implements Callable<Integer> {
  /** For completion. */
  static final class States extends Words {
    States() {
      super(RunState.values());
    }
  }

  private static final int MOST = 2_000;
  private static final int TREND_COLUMNS = 12;

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Mixin private OutputFormat output = new OutputFormat();

  @Mixin private ListOptions list = new ListOptions();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      completionCandidates = States.class,
      description = "Runs in these states only: critical, silent, watch, healthy, ended.")
  private List<RunState> states = List.of();

  @Option(
      names = "--sort",
      paramLabel = "NAME",
      description = "need (default), run, project, step, loss, norm, growth, clip or updated.")
  private @Nullable String sort;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    ConsoleClient client = console.client();
    FleetPage fleet =
        client.get(
            new Query("/fleet")
                .with("project", list.project())
                .with("state", String.join(",", states.stream().map(RunState::name).toList()))
                .with("sort", sort)
                .with("limit", list.limit(MOST))
                .toString(),
            FleetPage.class);
    String unready = client.unready();
    PrintWriter out = commandLine.getOut();
    if (output.isJson()) {
      fleet.runs().forEach(run -> JsonLines.print(out, run));
    } else {
      print(out, Terminal.detect(), fleet);
    }
    if (unready != null) {
      PrintWriter err = commandLine.getErr();
      err.println("gradwatch: the console " + unready + "; this is what it has read");
      err.flush();
    }
    return CommandLine.ExitCode.OK;
  }

  static void print(PrintWriter out, Terminal terminal, FleetPage fleet) {
    Style style = terminal.outStyle();
    out.println(counts(style, fleet.counts()));
    if (fleet.runs().isEmpty()) {
      out.println("no runs");
      out.flush();
      return;
    }
    TextTable table =
        new TextTable(
            "STATE", "RUN", " STEP", " LOSS", "", " NORM", "", " DOUBLES IN", " CLIPPED", "ALARM");
    for (RunRow run : fleet.runs()) {
      add(table, style, run);
    }
    table.print(out, terminal);
    ListOptions.tellRest(out, fleet.total(), fleet.runs().size());
  }

  private static String counts(Style style, Map<RunState, Integer> counts) {
    List<String> parts = new ArrayList<>();
    for (RunState state : RunState.values()) {
      int count = counts.getOrDefault(state, 0);
      if (count > 0) {
        parts.add(Figures.paint(style, state, count + " " + Figures.words(state.name())));
      }
    }
    return parts.isEmpty() ? "" : String.join(", ", parts);
  }

  private static void add(TextTable table, Style style, RunRow run) {
    AlarmBrief alarm = run.alarm();
    table.add(
        new TextTable.Cell(
            Figures.words(run.state().name()), text -> Figures.paint(style, run.state(), text)),
        TextTable.cell(RunName.shortest(run.project(), run.run())),
        TextTable.cell(Figures.step(run.step())),
        TextTable.cell(Figures.number(run.loss())),
        new TextTable.Cell(Sparkline.of(run.lossTrend(), TREND_COLUMNS, true), style::accent),
        TextTable.cell(Figures.number(run.gradNorm())),
        new TextTable.Cell(Sparkline.of(run.normTrend(), TREND_COLUMNS, true), style::accent),
        TextTable.cell(
            run.doublingSteps() == null || run.state() == RunState.ENDED
                ? ""
                : Figures.number(run.doublingSteps())),
        TextTable.cell(run.clipShare() == null ? "" : Figures.percent(run.clipShare())),
        alarm == null
            ? TextTable.cell("")
            : new TextTable.Cell(
                alarmText(alarm), text -> Figures.paint(style, alarm.severity(), text)));
  }

  private static String alarmText(AlarmBrief alarm) {
    return AlarmFinder.brief(alarm.id())
        + " "
        + Figures.words(alarm.kind())
        + " since "
        + Figures.step(alarm.onsetStep())
        + (alarm.status() == AlarmStatus.OPEN ? "" : ", " + Figures.words(alarm.status().name()));
  }
}
