package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.Words;
import io.gradwatch.console.report.ReportFormat;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch report}. */
@Command(
    name = "report",
    description = {
      "Writes a run as one file to attach to an incident: curves, thresholds, alarms with evidence and"
          + " what to do, advice and statistics."
    })
public final class ReportCommand implements Callable<Integer> {
  /** For completion. */
  static final class Formats extends Words {
    Formats() {
      super(ReportFormat.values());
    }
  }

  @Parameters(
      paramLabel = "RUN",
      converter = RunName.Converter.class,
      description = "PROJECT/RUN, or RUN of the default project.")
  private @Nullable RunName run;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      description = "html (all of it), svg or png (the drawing). Default: as FILE ends, else html.")
  private @Nullable ReportFormat format;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Default: RUN.html here. A - is standard output.")
  private @Nullable Path file;

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    RunName name = requireNonNull(run);
    ReportFormat wanted = format == null ? ReportFile.formatOf(file) : format;
    Path target = file == null ? ReportFile.named(name.run(), wanted) : file;
    byte[] report =
        console
            .client()
            .bytes(
                new Query(name.path() + "/report").with("format", wanted.extension()).toString());
    ReportFile.write(commandLine, target, report);
    return CommandLine.ExitCode.OK;
  }
}
