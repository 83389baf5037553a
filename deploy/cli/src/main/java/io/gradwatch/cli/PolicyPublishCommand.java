package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.PolicyPublisher;
import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.EffectiveAt;
import io.gradwatch.wire.policy.InvalidPolicyException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch policy publish}. */
@Command(
    name = "publish",
    description = {
      "Publishes the policies of a file to the job, which follows them without a restart, and prints"
          + " what changes; what is published already is left alone.",
      "Each holds for a run from its first event emitted at effective_at or later."
    })
final class PolicyPublishCommand implements Callable<Integer> {
  /**
   * Enough for a record to reach every task before an event of that time does, with trainers'
   * clocks a few seconds off.
   */
  static final Duration LEAD = Duration.ofSeconds(10);

  @Parameters(paramLabel = "FILE.yaml", description = "The policy file.")
  private Path file = Path.of("");

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Option(
      names = "--effective-at",
      paramLabel = "TIME",
      description =
          "From when on what says no effective_at holds: a time such as 2026-11-21T12:00:00Z, at"
              + " most a day ahead. Default: 10 seconds from now.")
  private @Nullable String effectiveAt;

  @Option(names = "--author", paramLabel = "NAME", description = "Who sets it. Default: the user.")
  private String author = System.getProperty("user.name", "");

  @Option(names = "--note", paramLabel = "TEXT", description = "Why it is set.")
  private String note = "";

  @Option(names = "--dry-run", description = "Prints what would change only.")
  private boolean dryRun;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InvalidPolicyException, InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    Instant now = Instant.now();
    List<PolicyDocument> documents = PolicyFile.documents(file, unlessSaid(commandLine, now));
    for (PolicyDocument document : documents) {
      requireSoon(commandLine, document, now);
    }
    kafka.requireTopic(Topics.POLICIES, PolicyListCommand.NO_TOPIC);
    try (PolicyPublisher publisher = new PolicyPublisher(kafka.settings())) {
      PublishedPolicies published = PublishedPolicies.read(kafka.settings());
      for (PolicyDocument document : documents) {
        PublishedPolicies.@Nullable Version before = published.newest(document.key());
        if (isThere(document, before)) {
          commandLine.getOut().println("same     " + document.key());
          continue;
        }
        if (!dryRun) {
          publisher.publish(document, author, note);
        }
        print(commandLine.getOut(), document, before);
        if (document.effectiveAt() < now.toEpochMilli()) {
          commandLine
              .getErr()
              .println(
                  document.key()
                      + " holds from a time that is past: runs under way follow it from their next"
                      + " event on, a replay from then on");
        }
      }
    } catch (ExecutionException e) {
      throw kafka.failure(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw kafka.failure(e);
    } finally {
      commandLine.getOut().flush();
      commandLine.getErr().flush();
    }
    return ExitCode.OK;
  }

  private long unlessSaid(CommandLine commandLine, Instant now) {
    if (effectiveAt == null) {
      return now.plus(LEAD).toEpochMilli();
    }
    Long millis = EffectiveAt.parse(effectiveAt);
    if (millis == null) {
      throw new ParameterException(
          commandLine, "--effective-at is " + effectiveAt + ", it must be " + EffectiveAt.BOUND);
    }
    return millis;
  }

  /** Later ones could be the only version that compaction leaves, and nothing would hold before. */
  private static void requireSoon(CommandLine commandLine, PolicyDocument document, Instant now) {
    Instant latest = now.plus(Topics.MAX_POLICY_LEAD);
    if (document.effectiveAt() > latest.toEpochMilli()) {
      throw new ParameterException(
          commandLine,
          "effective_at of %s is %s, it must be at most a day ahead, %s"
              .formatted(document.key(), Instant.ofEpochMilli(document.effectiveAt()), latest));
    }
  }

  private static boolean isThere(
      PolicyDocument document, PublishedPolicies.@Nullable Version before) {
    return before != null
        && !before.removed()
        && before.document().settings().equals(document.settings())
        && before.document().effectiveAt() <= document.effectiveAt();
  }

  private static void print(
      PrintWriter out, PolicyDocument document, PublishedPolicies.@Nullable Version before) {
    boolean isNew = before == null || before.removed();
    out.printf(
        "%-7s  %s from %s%n",
        isNew ? "new" : "changed", document.key(), Instant.ofEpochMilli(document.effectiveAt()));
    SettingLines.differences(
        before == null ? Settings.NONE : before.document().settings(),
        document.settings(),
        (name, change) -> out.printf("  %-48s %s%n", name, change));
  }
}
