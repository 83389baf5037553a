package io.gradwatch.cli.policy;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.PolicyPublisher;
import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.schemas.Topics;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch policy remove}. */
@Command(
    name = "remove",
    description = {
      "Removes a policy from the job, and with it what was planned for later: runs inherit again from"
          + " what is farther, 10 seconds from now on."
    })
final class PolicyRemoveCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "SCOPE/NAME",
      description = "fleet/default, project/PROJECT or run/PROJECT/RUN, as policy list prints it.")
  private String key = "";

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    requireKey(commandLine);
    kafka.requireTopic(Topics.POLICIES, PolicyListCommand.NO_TOPIC);
    try (PolicyPublisher publisher = new PolicyPublisher(kafka.settings())) {
      PublishedPolicies published = PublishedPolicies.read(kafka.settings());
      PublishedPolicies.@Nullable Version before = published.newest(key);
      if (before == null || before.removed()) {
        throw new CommandFailedException(
            "there is no policy " + key + "; gradwatch policy list prints those there are");
      }
      long at = Instant.now().plus(PolicyPublisher.LEAD).toEpochMilli();
      publisher.remove(key, at);
      commandLine.getOut().println("removed  " + key + " from " + Instant.ofEpochMilli(at));
      SettingLines.differences(
          before.document().settings(),
          Settings.NONE,
          (name, change) -> commandLine.getOut().printf("  %-48s %s%n", name, change));
      commandLine.getOut().flush();
      return CommandLine.ExitCode.OK;
    } catch (ExecutionException e) {
      throw kafka.failure(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw kafka.failure(e);
    }
  }

  private void requireKey(CommandLine commandLine) {
    try {
      PolicyDocument.ofKey(key, 0, Settings.NONE);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }
}
