package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.Style;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.cli.terminal.TextTable;
import io.gradwatch.console.api.SilencePage;
import io.gradwatch.console.api.SilenceView;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gradwatch silence list}. */
@Command(name = "list", description = "Silences that hold and those to come.")
final class SilenceListCommand implements Callable<Integer> {
  private static final int MOST = 500;

  @Option(names = "--all", description = "Also those that have ended.")
  private boolean all;

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Mixin private OutputFormat output = new OutputFormat();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    String path =
        new Query("/silences")
            .with("state", all ? null : "ACTIVE,PENDING")
            .with("limit", MOST)
            .toString();
    SilencePage page = console.client().get(path, SilencePage.class);
    PrintWriter out = commandLine.getOut();
    if (output.isJson()) {
      page.silences().forEach(silence -> JsonLines.print(out, silence));
    } else if (page.silences().isEmpty()) {
      out.println("no silences");
      out.flush();
    } else {
      print(out, page);
    }
    return CommandLine.ExitCode.OK;
  }

  private static void print(PrintWriter out, SilencePage page) {
    Style style = Terminal.detect().outStyle();
    TextTable table =
        new TextTable("SILENCE", "STATE", "UNTIL", " MATCHES", "BY", "MATCHERS", "WHY");
    for (SilenceView silence : page.silences()) {
      table.add(
          new TextTable.Cell(AlarmFinder.brief(silence.id()), style::accent),
          TextTable.cell(Figures.words(silence.state())),
          TextTable.cell(Figures.time(silence.endsAt())),
          TextTable.cell(Integer.toString(silence.matching())),
          TextTable.cell(silence.author()),
          TextTable.cell(
              silence.matchers().stream().map(MatcherText::of).collect(Collectors.joining(" "))),
          TextTable.cell(silence.note()));
    }
    table.print(out, Terminal.detect());
    if (page.total() > page.silences().size()) {
      out.println("and " + (page.total() - page.silences().size()) + " more");
      out.flush();
    }
  }
}
