package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.Words;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch completion}. */
@Command(
    name = "completion",
    description = {
      "Prints the completion of this command for a shell.",
      "bash: source <(gradwatch completion bash); zsh the same, after compinit."
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells. */
  enum CompletedShell {
    BASH,
    ZSH
  }

  /** For completion. */
  static final class CompletedShells extends Words {
    CompletedShells() {
      super(CompletedShell.values());
    }
  }

  /** What zsh needs to run a completion for bash; the script calls it by itself when it can. */
  private static final String FOR_ZSH = "autoload -U +X bashcompinit && bashcompinit\n";

  @Parameters(
      paramLabel = "SHELL",
      completionCandidates = CompletedShells.class,
      description = "bash or zsh.")
  private CompletedShell shell = CompletedShell.BASH;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    CommandLine root = spec.root().commandLine();
    PrintWriter out = commandLine.getOut();
    if (shell == CompletedShell.ZSH) {
      out.print(FOR_ZSH);
    }
    out.print(AutoComplete.bash(root.getCommandName(), root));
    out.flush();
    return ExitCode.OK;
  }
}
