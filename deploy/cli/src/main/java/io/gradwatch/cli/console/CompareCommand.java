package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.console.api.SeriesPage;
import io.gradwatch.console.report.ReportFormat;
import io.gradwatch.console.report.Reports;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch compare}. */
@Command(
    name = "compare",
    description = {
      "Runs side by side, aligned by step: curves, statistics, alarms; with and without clipping,"
          + " before and after a fix."
    })
public final class CompareCommand implements Callable<Integer> {
  private static final int POINTS = 60;

  @Parameters(
      arity = "2..8",
      paramLabel = "RUN",
      converter = RunName.Converter.class,
      description = "PROJECT/RUN, or RUN of the default project.")
  private List<RunName> runs = List.of();

  @Option(names = "--html", paramLabel = "FILE", description = "Writes it as a page.")
  private @Nullable Path html;

  @Option(names = "--svg", paramLabel = "FILE", description = "Writes the drawing as SVG.")
  private @Nullable Path svg;

  @Option(names = "--png", paramLabel = "FILE", description = "Writes the drawing as PNG.")
  private @Nullable Path png;

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Mixin private OutputFormat output = new OutputFormat();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    if (runs.size() < 2 || runs.size() > Reports.MAX_RUNS) {
      throw new ParameterException(
          commandLine, runs.size() + " runs are named, they must be 2 to " + Reports.MAX_RUNS);
    }
    ConsoleClient client = console.client();
    Map<ReportFormat, Path> files = files();
    for (Map.Entry<ReportFormat, Path> file : files.entrySet()) {
      byte[] report = client.bytes(query("/compare/report", file.getKey().extension()));
      ReportFile.write(commandLine, file.getValue(), report);
    }
    if (files.isEmpty()) {
      Comparison comparison = client.get(query("/compare", null), Comparison.class);
      PrintWriter out = commandLine.getOut();
      if (output.isJson()) {
        comparison.runs().forEach(run -> JsonLines.print(out, run));
      } else {
        Terminal terminal = Terminal.detect();
        new ComparisonText(out, terminal).print(comparison.runs(), curves(client));
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private Map<ReportFormat, Path> files() {
    Map<ReportFormat, Path> files = new LinkedHashMap<>();
    put(files, ReportFormat.HTML, html);
    put(files, ReportFormat.SVG, svg);
    put(files, ReportFormat.PNG, png);
    return files;
  }

  private static void put(Map<ReportFormat, Path> files, ReportFormat format, @Nullable Path file) {
    if (file != null) {
      files.put(format, file);
    }
  }

  private String query(String path, @Nullable String format) {
    Query query = new Query(path);
    runs.forEach(run -> query.with("run", run.toString()));
    return query.with("format", format).toString();
  }

  private List<SeriesPage> curves(ConsoleClient client) throws InterruptedException {
    List<SeriesPage> curves = new ArrayList<>();
    for (RunName run : runs) {
      String path =
          new Query(run.path() + "/series")
              .with("names", "loss,grad_norm")
              .with("points", POINTS)
              .toString();
      curves.add(client.get(path, SeriesPage.class));
    }
    return curves;
  }
}
