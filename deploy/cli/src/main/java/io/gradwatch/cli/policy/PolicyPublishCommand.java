package io.gradwatch.cli.policy;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.InvalidPolicyException;
import java.nio.file.Path;
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
  @Parameters(paramLabel = "FILE.yaml", description = "The policy file.")
  private Path file = Path.of("");

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Mixin private PolicyChange change = new PolicyChange();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InvalidPolicyException, InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    Instant now = Instant.now();
    List<PolicyDocument> documents =
        PolicyFile.documents(file, change.unlessSaid(commandLine, now));
    for (PolicyDocument document : documents) {
      PolicyChange.requireSoon(commandLine, document, now);
    }
    kafka.requireTopic(Topics.POLICIES, PolicyListCommand.NO_TOPIC);
    try {
      change.publish(commandLine, kafka, PublishedPolicies.read(kafka.settings()), documents, now);
    } catch (ExecutionException e) {
      throw kafka.failure(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw kafka.failure(e);
    }
    return CommandLine.ExitCode.OK;
  }
}
