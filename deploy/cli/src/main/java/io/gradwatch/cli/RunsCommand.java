package io.gradwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.PolicyPublisher;
import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.cli.kafka.RecordSender;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.schemas.RunRemoval;
import io.gradwatch.schemas.Topics;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch runs}. */
@Command(
    name = "runs",
    description = "Takes runs out.",
    subcommands = {RunsCommand.Remove.class})
final class RunsCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "a command is missing: runs remove");
  }

  /** {@code gradwatch runs remove}. */
  @Command(
      name = "remove",
      description = {
        "Takes a run out: the job forgets it once it reads so, closes its alarms and takes its advice"
            + " out of the compacted topic; a policy of the run is removed, too.",
        "Stop its trainer first: what it sends later is a new run's. Its records stay in the other"
            + " topics for as long as these keep them."
      })
  static final class Remove implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "PROJECT", description = "The project.")
    private String project = "";

    @Parameters(index = "1", paramLabel = "RUN", description = "The run.")
    private String run = "";

    @Option(names = "--dry-run", description = "Says what would be removed, and removes nothing.")
    private boolean dryRun;

    @Mixin private KafkaAccess kafka = new KafkaAccess();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      CommandLine commandLine = requireNonNull(spec).commandLine();
      Arguments.project(commandLine, project);
      if (run.isBlank()) {
        throw new ParameterException(commandLine, "RUN is blank, must be a run's id");
      }
      String topic = Topics.events(project);
      kafka.requireTopic(topic, "so there is no such project, or nothing was sent for it");
      try {
        remove(topic, commandLine.getOut());
        return ExitCode.OK;
      } catch (ExecutionException e) {
        throw kafka.failure(e.getCause() == null ? e : e.getCause());
      } catch (KafkaException e) {
        throw kafka.failure(e);
      }
    }

    private void remove(String topic, PrintWriter out)
        throws ExecutionException, InterruptedException {
      String verb = dryRun ? "would remove" : "removed";
      String key = PolicyScope.RUN.name().toLowerCase(Locale.ROOT) + "/" + project + "/" + run;
      boolean hasPolicy = hasPolicy(key);
      if (!dryRun) {
        List<Header> header = List.of(new RecordHeader(RunRemoval.HEADER, new byte[0]));
        try (RecordSender sender = new RecordSender(kafka.settings())) {
          sender.send(new ProducerRecord<>(topic, null, run.getBytes(UTF_8), null, header));
        }
      }
      out.println(verb + "  run " + project + "/" + run);
      if (hasPolicy) {
        if (!dryRun) {
          try (PolicyPublisher publisher = new PolicyPublisher(kafka.settings())) {
            publisher.remove(key, Instant.now().plus(PolicyPublisher.LEAD).toEpochMilli());
          }
        }
        out.println(verb + "  policy " + key);
      }
      out.flush();
    }

    private boolean hasPolicy(String key) {
      try {
        PublishedPolicies.@Nullable Version newest =
            PublishedPolicies.read(kafka.settings()).newest(key);
        return newest != null && !newest.removed();
      } catch (IllegalArgumentException e) {
        return false; // no policy was ever published here
      }
    }
  }
}
