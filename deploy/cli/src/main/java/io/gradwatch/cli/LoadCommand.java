package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.PlaySummary;
import io.gradwatch.agent.ProgressBar;
import io.gradwatch.agent.load.Fault;
import io.gradwatch.agent.load.Load;
import io.gradwatch.agent.load.LoadPlan;
import io.gradwatch.backtest.JsonText;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.producer.DropCause;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.producer.Overflow;
import io.gradwatch.producer.PublisherStats;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch load}. */
@Command(
    name = "load",
    description = {
      "Publishes the events of a fleet that is not there, to load a pipeline: layers and losses of"
          + " recorded runs, at a fixed rate, some runs with a fault (a gradient that grows, NaN,"
          + " spikes, a loss that stalls). The same seed gives the same values.",
      "Until --duration is over or Ctrl-C, which tells that the runs were cancelled. A line of JSON"
          + " at the end says what was sent."
    })
final class LoadCommand implements Callable<Integer> {
  /** Longest wait for the broker's last acknowledgement. */
  private static final Duration CLOSE_PATIENCE = Duration.ofMinutes(1);

  /** The same at Ctrl-C: somebody waits. */
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(10);

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Mixin private RegistryAccess registry = new RegistryAccess();

  @Option(
      names = "--project",
      paramLabel = "NAME",
      defaultValue = Topics.DEFAULT_PROJECT,
      description = "The project. Default: ${DEFAULT-VALUE}.")
  private String project = Topics.DEFAULT_PROJECT;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "100",
      description = "Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--layers",
      paramLabel = "N",
      defaultValue = "50",
      description = "Of each run. Default: ${DEFAULT-VALUE}.")
  private int layers;

  @Option(
      names = "--all-norms",
      description = "Tells weights and updates of the layers as well as gradients.")
  private boolean allNorms;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "Steps a second of all runs together. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "Such as 90s or 10min. Without it there is no end.")
  private @Nullable String duration;

  @Option(
      names = "--faults",
      paramLabel = "SHARE",
      defaultValue = "0.02",
      description = "Share of the runs with a fault, 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double faults;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs are called load-SEED-00001 and so on. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--overflow",
      paramLabel = "WHAT",
      defaultValue = "DROP",
      description =
          "What happens when Kafka is too slow: events are dropped and counted, or the load waits"
              + " and is late: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Overflow overflow = Overflow.DROP;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    Arguments.project(commandLine, project);
    LoadPlan plan = plan(commandLine);
    kafka.requireEvents(project);
    PlayProgress progress = PlayProgress.of(ProgressBar.Words.LOAD);
    CountDownLatch over = new CountDownLatch(1);
    Thread cancel = cancelling(Thread.currentThread(), over);
    Runtime.getRuntime().addShutdownHook(cancel);
    try {
      Load load = new Load(plan, System.currentTimeMillis());
      tellFaults(commandLine.getErr(), plan, load);
      EventPublisher publisher =
          kafka
              .publisher(project, registry)
              .overflow(overflow)
              .closeAtShutdown(false)
              .buildForAnyRun();
      PlaySummary summary;
      try {
        summary = load.run(publisher, progress.untilTheEnd());
      } finally {
        publisher.close(Thread.interrupted() ? CANCEL_PATIENCE : CLOSE_PATIENCE);
      }
      PublisherStats stats = publisher.stats();
      progress.finished(summary);
      commandLine.getOut().println(json(plan, load.faults(), summary, stats));
      commandLine.getOut().flush();
      boolean lost = stats.published() + stats.dropped(DropCause.QUEUE_FULL) < summary.events();
      return lost ? ExitCode.FAILURE : ExitCode.OK;
    } catch (IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    } finally {
      over.countDown();
      forget(cancel);
    }
  }

  /** A small share of few runs is easily no run at all. */
  private static void tellFaults(PrintWriter err, LoadPlan plan, Load load) {
    if (plan.faults() == 0) {
      return;
    }
    String some =
        load.faults().entrySet().stream()
            .filter(fault -> fault.getKey() != Fault.NONE && fault.getValue() > 0)
            .map(fault -> fault.getValue() + " " + word(fault.getKey()))
            .collect(Collectors.joining(", "));
    err.println(
        some.isEmpty()
            ? String.format(
                Locale.ROOT,
                "no run of %,d has a fault by a share of %s; with this seed --faults %s gives one or"
                    + " more",
                plan.runs(),
                plan.faults(),
                load.shareOfOneFault())
            : "runs with a fault: " + some);
    err.flush();
  }

  private static String word(Fault fault) {
    return fault.name().toLowerCase(Locale.ROOT);
  }

  private LoadPlan plan(CommandLine commandLine) {
    try {
      Duration lasting = duration == null ? null : TimeUtils.parseDuration(duration);
      return new LoadPlan(runs, layers, allNorms, rate, lasting, faults, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }

  /** Ends the load in order before the process ends. */
  private static Thread cancelling(Thread loading, CountDownLatch over) {
    return new Thread(
        () -> {
          loading.interrupt();
          try {
            var unused = over.await(CANCEL_PATIENCE.plusSeconds(2).toSeconds(), TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        "gradwatch-shutdown");
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // it is at work
    }
  }

  private static String json(
      LoadPlan plan, Map<Fault, Integer> faults, PlaySummary summary, PublisherStats stats) {
    double seconds = summary.elapsed().toNanos() / 1e9;
    StringBuilder json = new StringBuilder();
    json.append("{\"runs\":").append(plan.runs());
    json.append(",\"layers\":").append(plan.layers());
    json.append(",\"seed\":").append(plan.seed());
    json.append(",\"complete\":").append(summary.complete());
    json.append(",\"steps\":").append(summary.steps());
    json.append(",\"events\":").append(summary.events());
    json.append(",\"published\":").append(stats.published());
    json.append(",\"dropped\":").append(stats.droppedInAll());
    json.append(",\"failed\":").append(stats.failed());
    JsonText.number(json.append(",\"seconds\":"), seconds);
    JsonText.number(json.append(",\"steps_per_second\":"), summary.steps() / seconds);
    JsonText.number(json.append(",\"latest_seconds\":"), summary.latest().toNanos() / 1e9);
    json.append(",\"faults\":{");
    String comma = "";
    for (Map.Entry<Fault, Integer> fault : faults.entrySet()) {
      json.append(comma).append('"').append(word(fault.getKey()));
      json.append("\":").append(fault.getValue());
      comma = ",";
    }
    return json.append("}}").toString();
  }
}
