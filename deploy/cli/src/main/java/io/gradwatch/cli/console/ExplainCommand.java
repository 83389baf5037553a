package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.console.api.AlarmDetail;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch explain}. */
@Command(
    name = "explain",
    description = {
      "Explains an alarm: what, where and since when, every number with its meaning, layers, what to"
          + " do, its history, and the commands for what comes next."
    })
public final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ALARM", description = "Its id, or the first digits of it.")
  private String alarm = "";

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Mixin private OutputFormat output = new OutputFormat();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    AlarmDetail detail = AlarmFinder.find(console.client(), alarm);
    if (output.isJson()) {
      JsonLines.print(commandLine.getOut(), detail);
    } else {
      new AlarmText(commandLine.getOut(), Terminal.detect()).print(detail);
    }
    return CommandLine.ExitCode.OK;
  }
}
