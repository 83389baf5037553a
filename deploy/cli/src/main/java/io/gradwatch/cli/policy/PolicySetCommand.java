package io.gradwatch.cli.policy;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.cli.kafka.PublishedPolicies.Version;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
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

/** {@code gradwatch policy set}. */
@Command(
    name = "set",
    description = {
      "Changes single settings of a published policy, or begins one, and prints the difference; what"
          + " is not named stays as it is.",
      "As with policy publish: it replaces what was planned for later, which is told."
    })
final class PolicySetCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "KEY",
      description = "fleet, project/PROJECT or run/PROJECT/RUN.")
  private String text = "";

  @Parameters(
      index = "1..*",
      paramLabel = "SETTING=VALUE",
      description = "Such as clip.headroom=1; gradwatch policy settings lists all of them.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--unset",
      paramLabel = "SETTING",
      description =
          "Takes a setting back, so that it inherits again; detectors.KIND takes back all of a"
              + " detector's. May be repeated.")
  private List<String> unset = new ArrayList<>();

  @Mixin private PolicyChange change = new PolicyChange();

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    String key = PolicyKey.of(commandLine, text);
    if (assignments.isEmpty() && unset.isEmpty()) {
      throw new ParameterException(commandLine, "nothing to set: SETTING=VALUE or --unset SETTING");
    }
    Settings assigned = assigned(commandLine, key);
    Instant now = Instant.now();
    long from = change.unlessSaid(commandLine, now);
    PolicyChange.requireSoon(commandLine, PolicyDocument.ofKey(key, from, Settings.NONE), now);
    kafka.requireTopic(Topics.POLICIES, PolicyListCommand.NO_TOPIC);
    try {
      PublishedPolicies published = PublishedPolicies.read(kafka.settings());
      PolicyDocument document = changed(commandLine, published.at(key, from), key, from, assigned);
      tellReplaced(commandLine, published.newest(key), from);
      change.publish(commandLine, kafka, published, List.of(document), now);
      return CommandLine.ExitCode.OK;
    } catch (ExecutionException e) {
      throw kafka.failure(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw kafka.failure(e);
    }
  }

  private Settings assigned(CommandLine commandLine, String key) {
    Settings settings = Settings.NONE;
    List<String> errors = new ArrayList<>();
    for (String assignment : assignments) {
      try {
        settings = SettingChanges.assigned(key, assignment).over(settings);
      } catch (IllegalArgumentException e) {
        errors.add(String.valueOf(e.getMessage()));
      }
    }
    if (!errors.isEmpty()) {
      throw new ParameterException(commandLine, String.join(System.lineSeparator(), errors));
    }
    return settings;
  }

  private PolicyDocument changed(
      CommandLine commandLine, @Nullable Version before, String key, long from, Settings assigned) {
    Settings settings = before == null ? Settings.NONE : before.document().settings();
    for (String name : unset) {
      try {
        settings = SettingChanges.without(settings, name);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(commandLine, key + ": " + e.getMessage(), e);
      }
    }
    return PolicyDocument.ofKey(key, from, assigned.over(settings));
  }

  private static void tellReplaced(CommandLine commandLine, @Nullable Version newest, long from) {
    if (newest != null && newest.document().effectiveAt() > from) {
      commandLine
          .getErr()
          .println(
              "takes off what was planned from "
                  + Instant.ofEpochMilli(newest.document().effectiveAt()));
    }
  }
}
