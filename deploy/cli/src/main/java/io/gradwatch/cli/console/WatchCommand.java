package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunDetail.OverflowView;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.api.SeriesPage;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch watch}. */
@Command(
    name = "watch",
    description = {
      "A run as it goes: loss and gradient norm, clip thresholds, the time to overflow, newest alarms;"
          + " until the run ends or Ctrl-C.",
      "Where the output is no terminal: a line of JSON whenever something changed."
    })
public final class WatchCommand implements Callable<Integer> {
  private static final long INTERVAL_MILLIS = 1_000;

  /** A console that is started again is back by then. */
  private static final int MOST_FAILURES = 30;

  /** What a line of JSON tells. */
  record Change(RunRow row, @Nullable OverflowView overflow, List<AlarmView> alarms) {}

  @Parameters(
      paramLabel = "RUN",
      converter = RunName.Converter.class,
      description = "PROJECT/RUN, or RUN of the default project.")
  private @Nullable RunName run;

  @Option(names = "--once", description = "Looks once.")
  private boolean once;

  @Option(names = "--json", description = "JSON on a terminal, too.")
  private boolean json;

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    ConsoleClient client = console.client();
    Terminal terminal = Terminal.detect();
    if (json || (!terminal.out() && !once)) {
      lines(commandLine, client);
    } else if (once) {
      PrintWriter out = commandLine.getOut();
      frame(client, requireNonNull(run), terminal).lines().forEach(out::println);
      out.flush();
    } else {
      screen(commandLine.getOut(), client, terminal);
    }
    return CommandLine.ExitCode.OK;
  }

  private void lines(CommandLine commandLine, ConsoleClient client) throws InterruptedException {
    Change before = null;
    int failures = 0;
    while (true) {
      try {
        RunDetail detail = client.get(requireNonNull(run).path(), RunDetail.class);
        failures = 0;
        Change now = new Change(detail.row(), detail.overflow(), detail.alarms());
        if (!now.equals(before)) {
          before = now;
          JsonLines.print(commandLine.getOut(), now);
        }
        if (once || detail.row().state() == RunState.ENDED) {
          return;
        }
      } catch (CommandFailedException e) {
        if (before == null || ++failures >= MOST_FAILURES) {
          throw e;
        }
        if (failures == 1) {
          commandLine.getErr().println("gradwatch: " + e.getMessage() + "; asking again");
          commandLine.getErr().flush();
        }
      }
      Thread.sleep(INTERVAL_MILLIS);
    }
  }

  private void screen(PrintWriter out, ConsoleClient client, Terminal terminal)
      throws InterruptedException {
    WatchScreen screen = new WatchScreen(out);
    Thread leaving = new Thread(screen::leave, "gradwatch-leave");
    Runtime.getRuntime().addShutdownHook(leaving);
    try {
      follow(screen, client, terminal);
    } finally {
      screen.leave();
    }
  }

  private void follow(WatchScreen screen, ConsoleClient client, Terminal terminal)
      throws InterruptedException {
    List<String> newest = List.of();
    int failures = 0;
    while (true) {
      try {
        Frame frame = frame(client, requireNonNull(run), terminal);
        failures = 0;
        newest = frame.lines();
        screen.draw(newest);
        if (frame.ended()) {
          return;
        }
      } catch (CommandFailedException e) {
        if (newest.isEmpty() || ++failures >= MOST_FAILURES) {
          throw e;
        }
        List<String> told = new ArrayList<>(newest);
        told.add(terminal.outStyle().bad("no answer, asking again"));
        screen.draw(told);
      }
      Thread.sleep(INTERVAL_MILLIS);
    }
  }

  /** One look. */
  private record Frame(List<String> lines, boolean ended) {}

  private static Frame frame(ConsoleClient client, RunName run, Terminal terminal)
      throws InterruptedException {
    RunDetail detail = client.get(run.path(), RunDetail.class);
    String path =
        new Query(run.path() + "/series")
            .with("names", "loss,grad_norm")
            .with("points", WatchFrame.curveColumns(terminal))
            .toString();
    SeriesPage series = client.get(path, SeriesPage.class);
    return new Frame(
        WatchFrame.of(detail, series, terminal, System.currentTimeMillis()),
        detail.row().state() == RunState.ENDED);
  }
}
