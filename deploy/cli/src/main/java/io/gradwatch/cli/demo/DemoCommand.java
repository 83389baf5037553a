package io.gradwatch.cli.demo;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.Counted;
import io.gradwatch.agent.Pace;
import io.gradwatch.cli.kafka.TopicReader;
import io.gradwatch.cli.service.LocalService;
import io.gradwatch.cli.service.ServiceLog;
import io.gradwatch.cli.service.TemporaryFolder;
import io.gradwatch.cli.terminal.Browser;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.BundledRuns;
import io.gradwatch.traces.RunLabel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch demo}. */
@Command(
    name = "demo",
    description = {
      "Shows the whole path on recorded trainings: a Kafka, the Flink job and the console in this"
          + " process, the runs replayed into them, alarms and clip advice as they come, a summary at"
          + " the end.",
      "Stays up until Ctrl-C. With --once it ends after the summary, and fails if a diverging run got"
          + " no critical alarm in time, a healthy one got one, or a run got no clip advice."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

  @Option(names = "--once", description = "Ends after the summary.")
  private boolean once;

  @Option(
      names = "--runs",
      paramLabel = "NAME",
      split = ",",
      description = "Replays these of the bundled runs only; --list-runs names them.")
  private @Nullable List<String> chosen;

  @Option(names = "--list-runs", description = "Prints the names of the bundled runs and ends.")
  private boolean listRuns;

  @Option(
      names = "--speed",
      paramLabel = "N",
      description =
          "Steps a second of each run; 0: as fast as it goes. Default: 25, so that there is something to"
              + " watch; with --once 150.")
  private @Nullable Double chosenSpeed;

  @Option(names = "--open", description = "Opens the console in the browser.")
  private boolean open;

  @Spec private @Nullable CommandSpec spec;

  private final AtomicBoolean stopping = new AtomicBoolean();

  @Override
  public Integer call() throws Exception {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    if (listRuns) {
      BundledRuns.names().forEach(commandLine.getOut()::println);
      commandLine.getOut().flush();
      return 0;
    }
    Path log = ServiceLog.inTemporaryFolder("gradwatch-demo");
    Map<String, RunLabel> runs = runs(commandLine);
    double speed = chosenSpeed == null ? (once ? 150 : 25) : chosenSpeed;
    if (!(speed >= 0 && speed <= 1e6)) {
      throw new ParameterException(commandLine, "--speed must be 0 to 1,000,000, not " + speed);
    }
    Path folder = Files.createTempDirectory("gradwatch-demo-");
    Terminal terminal = Terminal.detect();
    int runColumns = runs.keySet().stream().mapToInt(String::length).max().orElse(0);
    DemoScreen screen =
        new DemoScreen(commandLine.getOut(), commandLine.getErr(), terminal, runColumns);
    screen.say(
        Counted.of(runs.size(), "recorded training")
            + " side by side, "
            + (speed == 0 ? "as fast as they go" : speed + " steps a second each"));
    screen.say("log    " + log);
    TemporaryFolder temporary = new TemporaryFolder(folder);
    try (temporary;
        LocalService service =
            LocalService.start(
                new LocalService.Settings(
                    folder, 0, Topics.DEFAULT_PROJECT, 2, CHECKPOINT_INTERVAL, Map.of()))) {
      Thread ending =
          new Thread(
              () -> {
                stopping.set(true);
                close(service, temporary);
              });
      Runtime.getRuntime().addShutdownHook(ending);
      screen.say("kafka  " + service.bootstrapServers());
      screen.say("look   " + service.consoleUrl() + "   every run and alarm as it comes");
      if (open && !Browser.open(service.consoleUrl())) {
        screen.say("found no way to open a browser here: open the address yourself");
      }
      screen.say("");
      return show(service, runs, screen, speed);
    } catch (CommandFailedException e) {
      if (stopping.get()) {
        return 0; // Ctrl-C: that the job ends under the demo is no failure, and the signal says the
        // rest
      }
      throw new CommandFailedException(e.getMessage() + "; see " + log, e);
    }
  }

  private int show(
      LocalService service, Map<String, RunLabel> runs, DemoScreen screen, double speed)
      throws Exception {
    Scoreboard scoreboard = new Scoreboard(runs);
    DemoReplay replay =
        new DemoReplay(
            List.copyOf(runs.keySet()), speed == 0 ? Pace.unlimited() : Pace.stepsPerSecond(speed));
    Demo demo = new Demo(service, replay, scoreboard, screen);
    try (TopicReader outputs = demo.open()) {
      demo.replayAndFollow(outputs);
      List<RunResult> results = scoreboard.results();
      screen.summary(results);
      List<String> bad =
          results.stream()
              .filter(result -> !result.verdict().good())
              .map(result -> result.run() + " (" + result.verdict().words() + ")")
              .toList();
      if (!once) {
        screen.say("");
        screen.say(
            "Up until Ctrl-C. Events of your own are welcome at "
                + service.bootstrapServers()
                + ", topic "
                + Topics.events(Topics.DEFAULT_PROJECT)
                + ".");
        demo.followForEver(outputs);
      }
      if (!bad.isEmpty()) {
        throw new CommandFailedException("not as it should be: " + String.join(", ", bad));
      }
      return 0;
    }
  }

  private static void close(LocalService service, TemporaryFolder folder) {
    service.close();
    folder.close();
  }

  private Map<String, RunLabel> runs(CommandLine commandLine) {
    Map<String, RunLabel> runs = new LinkedHashMap<>();
    for (String name : chosen == null ? BundledRuns.names() : chosen) {
      try {
        runs.put(name, BundledRuns.label(name));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
      }
    }
    return runs;
  }
}
