package io.gradwatch.cli.policy;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.schemas.Topics;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gradwatch policy list}. */
@Command(
    name = "list",
    description = {
      "Prints the policies that are published, with from when on they hold and what they set.",
      "Records that the job refuses are told on standard error."
    })
final class PolicyListCommand implements Callable<Integer> {
  static final String NO_TOPIC =
      "create it with `gradwatch topics create --bootstrap-server HOST:PORT`";

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Option(
      names = "--all",
      description = "Also versions that were replaced or removed and are in the topic still.")
  private boolean all;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    kafka.requireTopic(Topics.POLICIES, NO_TOPIC);
    PublishedPolicies policies;
    try {
      policies = PublishedPolicies.read(kafka.settings());
    } catch (IllegalArgumentException | KafkaException e) {
      throw kafka.failure(e);
    }
    long now = Instant.now().toEpochMilli();
    policies.byKey().values().forEach(versions -> print(commandLine.getOut(), versions, now));
    policies
        .refused()
        .forEach(
            refused ->
                commandLine
                    .getErr()
                    .println("refused: " + refused.place() + ": " + refused.reason()));
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    return CommandLine.ExitCode.OK;
  }

  private void print(PrintWriter out, List<PublishedPolicies.Version> versions, long now) {
    for (int i = 0; i < versions.size(); i++) {
      PublishedPolicies.Version version = versions.get(i);
      boolean planned = version.document().effectiveAt() > now;
      boolean replaced =
          i + 1 < versions.size() && versions.get(i + 1).document().effectiveAt() <= now;
      if (all || planned || !(replaced || version.removed())) {
        print(out, version, replaced ? "replaced" : planned ? "planned" : "in force");
      }
    }
  }

  private static void print(PrintWriter out, PublishedPolicies.Version version, String state) {
    StringBuilder line = new StringBuilder(version.document().key());
    line.append(version.removed() ? " removed" : "").append(" from ");
    line.append(Instant.ofEpochMilli(version.document().effectiveAt())).append(", ").append(state);
    if (!version.author().isEmpty()) {
      line.append(", by ").append(version.author());
    }
    if (!version.note().isEmpty()) {
      line.append(": ").append(version.note());
    }
    out.println(printable(line.toString()));
    SettingLines.of(version.document().settings())
        .forEach((name, value) -> out.printf("  %-48s %s%n", name, value));
  }

  /** Author and note are anybody's text: a control character must not command a terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
