package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.console.api.SilencePage;
import io.gradwatch.console.api.SilenceView;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch silence remove}. */
@Command(name = "remove", description = "Ends a silence now.")
final class SilenceRemoveCommand implements Callable<Integer> {
  private static final int WHOLE = 32;
  private static final int MOST = 500;

  @Parameters(paramLabel = "SILENCE", description = "Its id, or the first digits of it.")
  private String silence = "";

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Mixin private OutputFormat output = new OutputFormat();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    ConsoleClient client = console.client();
    SilenceView ended = client.change("DELETE", "/silences/" + id(client), null, SilenceView.class);
    PrintWriter out = commandLine.getOut();
    if (output.isJson()) {
      JsonLines.print(out, ended);
    } else {
      out.println("ended  " + ended.id());
      out.flush();
    }
    return CommandLine.ExitCode.OK;
  }

  private String id(ConsoleClient client) throws InterruptedException {
    String prefix = silence.toLowerCase(Locale.ROOT);
    if (!prefix.matches("[0-9a-f]{1,32}")) {
      throw new CommandFailedException(
          "'" + silence + "' is no id of a silence; `gradwatch silence list` lists them");
    }
    if (prefix.length() == WHOLE) {
      return prefix;
    }
    String path =
        new Query("/silences").with("state", "ACTIVE,PENDING").with("limit", MOST).toString();
    List<String> found =
        client.get(path, SilencePage.class).silences().stream()
            .map(SilenceView::id)
            .filter(id -> id.startsWith(prefix))
            .toList();
    if (found.size() != 1) {
      throw new CommandFailedException(
          found.isEmpty()
              ? "no silence's id begins with " + prefix + "; `gradwatch silence list` lists them"
              : "several silences' ids begin with " + prefix + ": " + String.join(", ", found));
    }
    return found.get(0);
  }
}
