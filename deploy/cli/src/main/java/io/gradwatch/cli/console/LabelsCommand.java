package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gradwatch labels}. */
@Command(
    name = "labels",
    description = {
      "Prints the judgements of a project's alarms as the labels that gradwatch backtest --labels"
          + " reads."
    })
public final class LabelsCommand implements Callable<Integer> {
  @Option(
      names = "--project",
      paramLabel = "NAME",
      description = "Whose alarms. Default: the project that has no other name.")
  private @Nullable String project;

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    String path = new Query("/labels").with("project", project).toString();
    JsonLines.print(commandLine.getOut(), console.client().get(path, JsonNode.class));
    return CommandLine.ExitCode.OK;
  }
}
