package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.service.LocalService;
import io.gradwatch.cli.service.ServiceLog;
import io.gradwatch.cli.terminal.Browser;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch up}. */
@Command(
    name = "up",
    description = {
      "A Kafka, the Flink job and the console in this process, for trainers on this machine, until Ctrl-C.",
      "Records and the job's state stay in a folder; started again, it goes on where it was."
    })
final class UpCommand implements Callable<Integer> {
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Kafka's port on 127.0.0.1; 0: any. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept. Default: .gradwatch in the home folder.")
  private Path data = Path.of(System.getProperty("user.home"), ".gradwatch");

  @Option(
      names = "--project",
      paramLabel = "NAME",
      defaultValue = Topics.DEFAULT_PROJECT,
      description = "Project whose topics are made. Default: ${DEFAULT-VALUE}.")
  private String project = Topics.DEFAULT_PROJECT;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "1",
      description = "Subtasks of the job. Default: ${DEFAULT-VALUE}.")
  private int parallelism;

  @Option(
      names = "-D",
      paramLabel = "NAME=VALUE",
      description = "A setting of Flink; may be repeated.")
  private Map<String, String> flink = Map.of();

  @Option(names = "--open", description = "Opens the console in the browser.")
  private boolean open;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    Arguments.project(commandLine, project);
    Arguments.atLeastOne(commandLine, "--parallelism", parallelism);
    if (port < 0 || port > 65_535) {
      throw new ParameterException(commandLine, "--port must be 0 to 65535, not " + port);
    }
    Path folder = data.toAbsolutePath().normalize();
    Path log = folder.resolve("gradwatch.log");
    ServiceLog.to(log);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CommandFailedException("cannot make " + folder + ": " + e.getMessage(), e);
    }
    LocalService.Settings settings =
        new LocalService.Settings(folder, port, project, parallelism, CHECKPOINT_INTERVAL, flink);
    try (LocalService service = start(settings, log)) {
      Runtime.getRuntime().addShutdownHook(new Thread(service::close, "gradwatch-shutdown"));
      PrintWriter out = commandLine.getOut();
      out.println("console " + service.consoleUrl());
      out.println("kafka   " + service.bootstrapServers());
      out.println("events  " + Topics.events(project));
      out.println("data    " + folder);
      out.println("log     " + log);
      out.println("Up until Ctrl-C.");
      out.flush();
      if (open && !Browser.open(service.consoleUrl())) {
        commandLine
            .getErr()
            .println("found no way to open a browser here: open the address yourself");
      }
      service.jobEnd().join();
      return ExitCode.OK;
    } catch (CompletionException e) {
      throw new CommandFailedException("the job failed, see " + log + ": " + e.getCause(), e);
    }
  }

  private static LocalService start(LocalService.Settings settings, Path log) throws Exception {
    try {
      return LocalService.start(settings);
    } catch (IOException e) {
      throw new CommandFailedException("cannot start, see " + log + ": " + e.getMessage(), e);
    }
  }
}
