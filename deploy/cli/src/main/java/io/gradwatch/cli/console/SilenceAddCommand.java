package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.console.api.Requests;
import io.gradwatch.console.api.SessionView;
import io.gradwatch.console.api.SilenceView;
import io.gradwatch.console.api.SilenceView.MatcherView;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch silence add}. */
@Command(
    name = "add",
    description = {
      "Silences the alarms that match all of the MATCHERs, open ones and those to come.",
      "A MATCHER is LABEL=VALUE, LABEL!=VALUE, LABEL=~REGEX or LABEL!~REGEX; labels are project, run,"
          + " kind, severity, alarm, owner and tag:NAME."
    })
final class SilenceAddCommand implements Callable<Integer> {
  /** Until when; one of the two. */
  static final class End {
    @Option(
        names = "--for",
        required = true,
        paramLabel = "TIME",
        converter = TimeText.Stretch.class,
        description = "How long from now, such as 30min, 2h or 1d12h.")
    private @Nullable Duration length;

    @Option(
        names = "--until",
        required = true,
        paramLabel = "TIME",
        converter = TimeText.Point.class,
        description = "Until when, such as 2026-11-21T12:00:00Z; at most 60 days ahead.")
    private @Nullable Instant until;
  }

  @Parameters(
      arity = "1..16",
      paramLabel = "MATCHER",
      converter = MatcherText.class,
      description = "Such as run=r7, kind=loss_spike, project=~vision.*")
  private List<MatcherView> matchers = List.of();

  @ArgGroup(multiplicity = "1")
  private End end = new End();

  @Option(names = "--note", required = true, paramLabel = "TEXT", description = "Why.")
  private String note = "";

  @Mixin private Author author = new Author();

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Mixin private OutputFormat output = new OutputFormat();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    ConsoleClient client = console.client();
    SilenceView silence =
        client.change(
            "POST",
            "/silences",
            new Requests.AddSilence(matchers, null, endsAt(client), author.name(), note),
            SilenceView.class);
    PrintWriter out = commandLine.getOut();
    if (output.isJson()) {
      JsonLines.print(out, silence);
    } else {
      out.println(
          "silenced  "
              + silence.id()
              + "  until "
              + Figures.time(silence.endsAt())
              + ", "
              + silence.matching()
              + (silence.matching() == 1 ? " open alarm matches" : " open alarms match"));
      out.flush();
    }
    return CommandLine.ExitCode.OK;
  }

  /** Counted from the console's clock, by which it ends. */
  private long endsAt(ConsoleClient client) throws InterruptedException {
    Instant until = end.until;
    return until != null
        ? until.toEpochMilli()
        : client.get("/session", SessionView.class).now()
            + (end.length == null ? 0 : end.length.toMillis());
  }
}
