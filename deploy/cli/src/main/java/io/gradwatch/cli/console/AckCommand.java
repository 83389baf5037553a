package io.gradwatch.cli.console;

import static java.util.Objects.requireNonNull;

import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.Requests;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch ack}. */
@Command(
    name = "ack",
    description = {
      "Says that somebody looks after an alarm: it is escalated to nobody else, and the others see who"
          + " it is."
    })
public final class AckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ALARM", description = "Its id, or the first digits of it.")
  private String alarm = "";

  @Mixin private Author author = new Author();

  @Option(names = "--note", paramLabel = "TEXT", description = "What is done about it.")
  private String note = "";

  @Option(names = "--withdraw", description = "Says that nobody looks after it any more.")
  private boolean withdraw;

  @Mixin private ConsoleAccess console = new ConsoleAccess();

  @Mixin private OutputFormat output = new OutputFormat();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    ConsoleClient client = console.client();
    String path = "/alarms/" + AlarmFinder.id(client, alarm) + "/acknowledgement";
    AlarmView now =
        withdraw
            ? client.change("DELETE", path, null, AlarmView.class)
            : client.change(
                "PUT", path, new Requests.Acknowledge(author.name(), note), AlarmView.class);
    Told.alarm(commandLine.getOut(), output, withdraw ? "withdrawn" : "acknowledged", now);
    return CommandLine.ExitCode.OK;
  }
}
