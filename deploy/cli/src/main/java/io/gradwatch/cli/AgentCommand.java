package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gradwatch.agent.tail.LineLogs;
import io.gradwatch.agent.tail.tensorboard.EventFolders;
import io.gradwatch.traces.FieldNames;
import java.nio.file.Path;
import java.util.List;
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

/** {@code gradwatch agent}. */
@Command(
    name = "agent",
    description = {
      "Follows the logs that trainings write anyway and publishes what they say: nothing changes in"
          + " the training."
    },
    subcommands = {
      AgentCommand.TensorBoard.class,
      AgentCommand.Jsonl.class,
      AgentCommand.Csv.class,
      AgentCommand.Megatron.class
    })
final class AgentCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "a command is missing: what kind of log it is");
  }

  /** {@code gradwatch agent tensorboard}. */
  @Command(
      name = "tensorboard",
      description = {
        "Follows TensorBoard's event files. Each folder that holds some is a run, called as its path"
            + " in FOLDER."
      })
  static final class TensorBoard implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "The folder TensorBoard would be given.")
    private Path root = Path.of("");

    @Mixin private AgentOptions options = new AgentOptions();

    @Option(
        names = "--tag",
        paramLabel = "REGEX=FIELD",
        description =
            "A rule: tags that match as a whole stand for the field, such as 'model/.*norm=grad_norm'."
                + " May be repeated; the first that matches counts. Common tags are known.")
    private List<String> rules = List.of();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      CommandLine commandLine = requireNonNull(spec).commandLine();
      options.check(commandLine);
      FieldNames names = options.names(commandLine);
      for (String rule : rules) {
        names = with(rule, names, commandLine);
      }
      return options.follow("tensorboard", root, new EventFolders(root, options.runId(), names));
    }

    private static FieldNames with(String rule, FieldNames names, CommandLine commandLine) {
      int equals = rule.lastIndexOf('=');
      try {
        if (equals < 1) {
          throw new IllegalArgumentException("found '" + rule + "', must be REGEX=FIELD");
        }
        Pattern pattern = Pattern.compile(rule.substring(0, equals));
        return names.with(pattern::matches, rule.substring(equals + 1));
      } catch (IllegalArgumentException | PatternSyntaxException e) {
        throw new ParameterException(commandLine, "--tag: " + e.getMessage(), e);
      }
    }
  }

  /** {@code gradwatch agent jsonl}. */
  @Command(
      name = "jsonl",
      description = {
        "Follows logs with a JSON object a line, or with the dicts that Transformers' trainer prints.",
        "A file is a run; of a folder each *.jsonl and *.ndjson in it."
      })
  static final class Jsonl implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|FOLDER", description = "The log, or a folder of logs.")
    private Path root = Path.of("");

    @Mixin private AgentOptions options = new AgentOptions();

    @Option(
        names = "--log-every",
        paramLabel = "STEPS",
        defaultValue = "1",
        description =
            "Steps from one line to the next where lines tell none (logging_steps of Transformers)."
                + " Default: ${DEFAULT-VALUE}.")
    private long logEvery;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      CommandLine commandLine = requireNonNull(spec).commandLine();
      options.check(commandLine);
      Arguments.atLeastOne(commandLine, "--log-every", logEvery);
      return options.follow(
          "jsonl",
          root,
          LineLogs.jsonl(root, options.runId(), options.names(commandLine), logEvery));
    }
  }

  /** {@code gradwatch agent csv}. */
  @Command(
      name = "csv",
      description = {
        "Follows logs with a header and a row a line, such as metrics.csv of Lightning.",
        "A file is a run; of a folder each *.csv in it."
      })
  static final class Csv implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|FOLDER", description = "The log, or a folder of logs.")
    private Path root = Path.of("");

    @Mixin private AgentOptions options = new AgentOptions();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      CommandLine commandLine = requireNonNull(spec).commandLine();
      options.check(commandLine);
      return options.follow(
          "csv", root, LineLogs.csv(root, options.runId(), options.names(commandLine)));
    }
  }

  /** {@code gradwatch agent megatron}. */
  @Command(
      name = "megatron",
      description = {
        "Follows what Megatron-LM, Megatron-DeepSpeed or DeepSpeed print.",
        "A file is a run; of a folder each *.log, *.out and *.txt in it."
      })
  static final class Megatron implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|FOLDER", description = "The log, or a folder of logs.")
    private Path root = Path.of("");

    @Mixin private AgentOptions options = new AgentOptions();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      CommandLine commandLine = requireNonNull(spec).commandLine();
      options.check(commandLine);
      return options.follow(
          "megatron", root, LineLogs.megatron(root, options.runId(), options.names(commandLine)));
    }
  }
}
