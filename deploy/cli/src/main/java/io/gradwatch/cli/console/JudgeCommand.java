package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.Words;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.Requests;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code gradwatch judge}. */
@Command(
    name = "judge",
    description = {
      "Says whether an alarm was right. gradwatch labels prints all judgements as labels for gradwatch"
          + " backtest, which tells what a policy would have been worth."
    })
public final class JudgeCommand implements Callable<Integer> {
  /** What can be said of an alarm. */
  enum Verdict {
    RIGHT,
    TOO_LATE,
    FOR_NOTHING
  }

  /** For completion. */
  static final class Verdicts extends Words {
    Verdicts() {
      super(Verdict.values());
    }
  }

  /** Reads verdicts as people write them. */
  static final class Reader implements ITypeConverter<Verdict> {
    @Override
    public Verdict convert(String text) {
      for (Verdict verdict : Verdict.values()) {
        if (Words.of(verdict).equals(text.toLowerCase(Locale.ROOT).replace('_', '-'))) {
          return verdict;
        }
      }
      throw new TypeConversionException("'" + text + "' must be right, too-late or for-nothing");
    }
  }

  @Parameters(index = "0", paramLabel = "ALARM", description = "Its id, or the first digits of it.")
  private String alarm = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERDICT",
      converter = Reader.class,
      completionCandidates = Verdicts.class,
      description = "right, too-late or for-nothing.")
  private @Nullable Verdict verdict;

  @Option(
      names = "--onset",
      paramLabel = "STEP",
      description = "Step at which the trouble really began. Default: as the alarm told.")
  private @Nullable Long onset;

  @Option(
      names = "--failure",
      paramLabel = "STEP",
      description = "Step from which the run was lost. Default: it was not.")
  private @Nullable Long failure;

  @Mixin private Author author = new Author();

  @Option(names = "--note", paramLabel = "TEXT", description = "Why.")
  private String note = "";

  @Option(names = "--withdraw", description = "Takes the judgement back, instead of a VERDICT.")
  private boolean withdraw;

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Mixin private OutputFormat output = new OutputFormat();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    if (withdraw == (verdict != null)) {
      throw new ParameterException(
          commandLine, "say one of: right, too-late, for-nothing, or --withdraw");
    }
    ConsoleClient client = console.client();
    String path = "/alarms/" + AlarmFinder.id(client, alarm) + "/judgement";
    AlarmView now =
        verdict == null
            ? client.change("DELETE", path, null, AlarmView.class)
            : client.change(
                "PUT",
                path,
                new Requests.Judge(verdict.name(), onset, failure, author.name(), note),
                AlarmView.class);
    Told.alarm(
        commandLine.getOut(),
        output,
        verdict == null ? "judgement withdrawn" : "judged " + Words.of(verdict),
        now);
    return CommandLine.ExitCode.OK;
  }
}
