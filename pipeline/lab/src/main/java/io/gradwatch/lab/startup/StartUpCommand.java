package io.gradwatch.lab.startup;

import static java.util.Objects.requireNonNull;

import io.gradwatch.core.alarm.Severity;
import io.gradwatch.lab.Machine;
import io.gradwatch.lab.recordings.TraceFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code start-up}. */
@Command(
    name = "start-up",
    description = {
      "Starts the built tool as processes, by turns, and tells medians: pipe until its first answer,"
          + " a backtest on one thread to its end, demo until its first alarm.",
      "Its compiler and collector have threads of their own; `taskset -c 0` before the command keeps"
          + " everything on one core."
    })
public final class StartUpCommand implements Callable<Integer> {
  private static final String ONE_ROW = "step,loss,grad_norm\n0,1.0,1.0\n";
  private static final int PIPE_LINES = 10;

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = TraceFolder.DEFAULT,
      description = "Recorded runs. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of(".");

  @Option(
      names = "--gradwatch",
      paramLabel = "FILE",
      defaultValue = "${sys:lab.home:-.}/../../deploy/bin/gradwatch",
      description = "The command to start. Default: ${DEFAULT-VALUE}.")
  private Path gradwatch = Path.of(".");

  @Option(
      names = "--what",
      split = ",",
      paramLabel = "WHAT",
      description = "${COMPLETION-CANDIDATES}. Default: all.")
  private Set<Start> what = EnumSet.allOf(Start.class);

  @Option(
      names = "--files",
      paramLabel = "N",
      description = "Recordings of the backtest, the first by name. Default: ${DEFAULT-VALUE}.")
  private int files = 100;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Starts of each kind. Default: ${DEFAULT-VALUE}.")
  private int rounds = 5;

  @Option(
      names = "--longest",
      paramLabel = "SECONDS",
      description = "A start that takes longer has failed. Default: ${DEFAULT-VALUE}.")
  private int longestSeconds = 300;

  @Option(names = "--json", description = "One line of JSON for each row instead of a table.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  private final Launches pipe = new Launches();
  private final Launches oneRow = new Launches();
  private final Launches backtest = new Launches();
  private final Launches demo = new Launches();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path temporary = Files.createTempDirectory("start-up-");
    Path log = temporary.resolve("log");
    Path row = temporary.resolve("one-row.csv");
    try {
      Files.writeString(row, ONE_ROW);
      measure(new Tool(gradwatch, log, Duration.ofSeconds(longestSeconds)), row);
    } finally {
      Files.deleteIfExists(row);
      Files.deleteIfExists(log);
      Files.delete(temporary);
    }
    return 0;
  }

  private void measure(Tool tool, Path row) throws IOException, InterruptedException {
    List<Path> recordings = Recordings.first(files, folder);
    List<String> lines = Recordings.lines(recordings.get(0), PIPE_LINES);
    long layerValues = 0;
    for (Path recording : recordings) {
      layerValues += Recordings.layerValues(recording);
    }
    tool.run(backtestOf(List.of(row))); // builds it where that is due; does not count
    for (int round = 0; round < rounds; round++) {
      if (what.contains(Start.PIPE)) {
        pipe.add(tool.until(line -> true, List.of("pipe"), lines));
      }
      if (what.contains(Start.BACKTEST)) {
        oneRow.add(tool.run(backtestOf(List.of(row))));
        backtest.add(tool.run(backtestOf(recordings)));
      }
      if (what.contains(Start.DEMO)) {
        demo.add(tool.until(StartUpCommand::isAlarm, List.of("demo"), List.of()));
      }
    }
    print(layerValues);
  }

  /** A row of the table of findings whose level is one of an alarm. */
  static boolean isAlarm(String line) {
    String[] cells = line.strip().split(" +", 4);
    return cells.length == 4
        && Arrays.stream(Severity.values()).anyMatch(severity -> severity.name().equals(cells[2]));
  }

  private static List<String> backtestOf(List<Path> recordings) {
    List<String> arguments = new ArrayList<>(List.of("backtest", "--threads=1"));
    recordings.forEach(recording -> arguments.add(recording.toString()));
    return arguments;
  }

  private void print(long layerValues) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    StartUpText text = new StartUpText(json, Machine.here());
    if (!json) {
      out.println(StartUpText.HEAD);
    }
    if (what.contains(Start.PIPE)) {
      out.println(text.row("pipe", "its first answer", pipe));
    }
    if (what.contains(Start.BACKTEST)) {
      out.println(text.row("backtest of one row", "its end", oneRow));
      out.println(text.row(files, layerValues, backtest, oneRow));
    }
    if (what.contains(Start.DEMO)) {
      out.println(text.row("demo", "its first alarm", demo));
    }
    out.flush();
  }
}
