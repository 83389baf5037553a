package io.gradwatch.cli.router;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.console.routing.RouterOptions;
import io.gradwatch.console.routing.TestAlarm;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.notice.Outcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch router test}. */
@Command(
    name = "test",
    description = "Tells a target of a test alarm, and at once that it is over.")
final class RouterTestCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TARGET", description = "Name of the target in the file.")
  private String name = "";

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "The file.")
  private @Nullable Path config;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    RouterConfig rules = RouterFile.read(requireNonNull(config));
    TargetConfig target = RouterFile.target(rules, name);
    Outcome outcome = new TestAlarm(rules, target, RouterOptions.standard()).send();
    if (!outcome.isDelivered()) {
      throw new CommandFailedException(
          "target %s at %s was not told: %s"
              .formatted(target.name(), target.address(), outcome.reason()));
    }
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(
        "%s at %s took a test alarm and its end".formatted(target.name(), target.address()));
    out.flush();
    return 0;
  }
}
