package io.gradwatch.cli.policy;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.PolicyPublisher;
import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.cli.kafka.PublishedPolicies.Version;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.InvalidPolicyException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch policy diff}. */
@Command(
    name = "diff",
    description = {
      "Prints what publishing a file would change of the policies that hold; it publishes nothing."
    },
    exitCodeList = {
      "0:nothing would change",
      "1:something would",
      "2:the command line or the file was not understood, or Kafka did not answer"
    })
final class PolicyDiffCommand implements Callable<Integer> {
  private static final int DIFFERENT = 1;
  private static final int TROUBLE = 2;

  @Parameters(paramLabel = "FILE.yaml", description = "The policy file.")
  private Path file = Path.of("");

  @Option(
      names = "--whole",
      description = "The file is to be all there is: tells published policies that it lacks, too.")
  private boolean whole;

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InvalidPolicyException, InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    try {
      List<PolicyDocument> documents =
          PolicyFile.documents(file, Instant.now().plus(PolicyPublisher.LEAD).toEpochMilli());
      kafka.requireTopic(Topics.POLICIES, PolicyListCommand.NO_TOPIC);
      boolean same =
          print(commandLine.getOut(), documents, PublishedPolicies.read(kafka.settings()));
      commandLine.getOut().flush();
      return same ? CommandLine.ExitCode.OK : DIFFERENT;
    } catch (CommandFailedException | KafkaException e) {
      // As diff does: 1 says something about the files, so trouble is told by another number.
      commandLine.getErr().println("gradwatch: " + e.getMessage());
      commandLine.getErr().flush();
      return TROUBLE;
    }
  }

  private boolean print(
      PrintWriter out, List<PolicyDocument> documents, PublishedPolicies published) {
    boolean same = true;
    for (PolicyDocument document : documents) {
      Version before = published.newest(document.key());
      if (before == null
          || before.removed()
          || !before.document().settings().equals(document.settings())) {
        same = false;
        PolicyChange.print(out, document, before);
      }
    }
    boolean lacking = whole && printLacking(out, documents, published);
    return same && !lacking;
  }

  private static boolean printLacking(
      PrintWriter out, List<PolicyDocument> documents, PublishedPolicies published) {
    Set<String> keys =
        documents.stream().map(PolicyDocument::key).collect(Collectors.toUnmodifiableSet());
    boolean any = false;
    for (String key : published.byKey().keySet()) {
      Version newest = published.newest(key);
      if (newest != null && !newest.removed() && !keys.contains(key)) {
        any = true;
        out.println("lacking  " + key);
        SettingLines.differences(
            newest.document().settings(),
            Settings.NONE,
            (name, change) -> out.printf("  %-48s %s%n", name, change));
      }
    }
    return any;
  }
}
