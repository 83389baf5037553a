package io.gradwatch.cli.policy;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.PolicyPublisher;
import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.EffectiveAt;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Policies on their way to the job: from when on, by whom and why, and what they change. */
final class PolicyChange {
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

  /** From when on what does not say it holds, in milliseconds since 1970. */
  long unlessSaid(CommandLine commandLine, Instant now) {
    if (effectiveAt == null) {
      return now.plus(PolicyPublisher.LEAD).toEpochMilli();
    }
    Long millis = EffectiveAt.parse(effectiveAt);
    if (millis == null) {
      throw new ParameterException(
          commandLine, "--effective-at is " + effectiveAt + ", it must be " + EffectiveAt.BOUND);
    }
    return millis;
  }

  /** Later ones could be the only version that compaction leaves, and nothing would hold before. */
  static void requireSoon(CommandLine commandLine, PolicyDocument document, Instant now) {
    Instant latest = now.plus(Topics.MAX_POLICY_LEAD);
    if (document.effectiveAt() > latest.toEpochMilli()) {
      throw new ParameterException(
          commandLine,
          "effective_at of %s is %s, it must be at most a day ahead, %s"
              .formatted(document.key(), Instant.ofEpochMilli(document.effectiveAt()), latest));
    }
  }

  /**
   * Publishes what is new among the documents, prints what changes, and warns of times that are
   * past.
   */
  void publish(
      CommandLine commandLine,
      KafkaAccess kafka,
      PublishedPolicies published,
      List<PolicyDocument> documents,
      Instant now)
      throws ExecutionException, InterruptedException {
    try (PolicyPublisher publisher = new PolicyPublisher(kafka.settings())) {
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
        warnOfPast(commandLine, document, now);
      }
    } finally {
      commandLine.getOut().flush();
      commandLine.getErr().flush();
    }
  }

  private static void warnOfPast(CommandLine commandLine, PolicyDocument document, Instant now) {
    if (document.effectiveAt() < now.toEpochMilli()) {
      commandLine
          .getErr()
          .println(
              document.key()
                  + " holds from a time that is past: runs under way follow it from their next"
                  + " event on, a replay from then on");
    }
  }

  private static boolean isThere(
      PolicyDocument document, PublishedPolicies.@Nullable Version before) {
    return before != null
        && !before.removed()
        && before.document().settings().equals(document.settings())
        && before.document().effectiveAt() <= document.effectiveAt();
  }

  /** Prints what a document changes of the version before it. */
  static void print(
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
