package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.console.AckCommand;
import io.gradwatch.cli.console.AlarmsCommand;
import io.gradwatch.cli.console.CompareCommand;
import io.gradwatch.cli.console.ExplainCommand;
import io.gradwatch.cli.console.JudgeCommand;
import io.gradwatch.cli.console.LabelsCommand;
import io.gradwatch.cli.console.ReportCommand;
import io.gradwatch.cli.console.SilenceCommand;
import io.gradwatch.cli.console.StatusCommand;
import io.gradwatch.cli.console.WatchCommand;
import io.gradwatch.cli.demo.DemoCommand;
import io.gradwatch.cli.policy.PolicyCommand;
import io.gradwatch.cli.router.RouterCommand;
import io.gradwatch.cli.schemas.SchemasCommand;
import io.gradwatch.cli.terminal.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code gradwatch}: what all its parts share. */
@Command(
    name = "gradwatch",
    description = "Watches neural-network trainings while they run.",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      ConsoleCommand.class,
      StatusCommand.class,
      WatchCommand.class,
      AlarmsCommand.class,
      ExplainCommand.class,
      AckCommand.class,
      SilenceCommand.class,
      JudgeCommand.class,
      LabelsCommand.class,
      CompareCommand.class,
      ReportCommand.class,
      JobCommand.class,
      BacktestCommand.class,
      PipeCommand.class,
      PolicyCommand.class,
      TailCommand.class,
      RunsCommand.class,
      DeadLettersCommand.class,
      TopicsCommand.class,
      SchemasCommand.class,
      DoctorCommand.class,
      AclsCommand.class,
      ReplayCommand.class,
      AgentCommand.class,
      GatewayCommand.class,
      RouterCommand.class,
      LoadCommand.class,
      CompletionCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all went well, also when alarms were found",
      "1:it failed; standard error says why",
      "2:the command line, or a policy it names, was not understood"
    })
final class GradwatchCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(requireNonNull(spec).commandLine(), "a command is missing");
  }
}
