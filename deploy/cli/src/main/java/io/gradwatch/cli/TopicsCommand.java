package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.TopicPlan;
import io.gradwatch.schemas.Topics;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch topics}. */
@Command(
    name = "topics",
    description = "Looks after the topics of a project.",
    subcommands = TopicsCommand.Create.class)
final class TopicsCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "a command is missing: topics create");
  }

  /** {@code gradwatch topics create}. */
  @Command(
      name = "create",
      description = {
        "Creates the topics of a project that are missing, and prints the plan.",
        "A topic that is there stays as it is; if it is not as it should be, that is told, and the"
            + " exit code is 1."
      })
  static final class Create implements Callable<Integer> {
    @Mixin private KafkaAccess kafka = new KafkaAccess();

    @Option(
        names = "--project",
        paramLabel = "NAME",
        defaultValue = Topics.DEFAULT_PROJECT,
        description = "The project. Default: ${DEFAULT-VALUE}.")
    private String project = Topics.DEFAULT_PROJECT;

    @Option(names = "--dry-run", description = "Prints the plan only.")
    private boolean dryRun;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      CommandLine commandLine = requireNonNull(spec).commandLine();
      Arguments.project(commandLine, project);
      try (Admin admin = Admin.create(kafka.settings())) {
        TopicPlan plan = TopicPlan.make(admin, Topics.allSpecs(project));
        print(plan, commandLine.getOut());
        if (!dryRun) {
          plan.createMissing(admin);
        }
        return plan.agrees() ? ExitCode.OK : ExitCode.FAILURE;
      } catch (ExecutionException e) {
        throw kafka.failure(e.getCause() == null ? e : e.getCause());
      } catch (KafkaException e) {
        throw kafka.failure(e);
      }
    }
  }

  private static void print(TopicPlan plan, PrintWriter out) {
    for (TopicPlan.Entry entry : plan.entries()) {
      String name = entry.spec().name();
      if (!entry.exists()) {
        out.printf("create   %-40s  %s%n", name, TopicPlan.settings(entry.spec()));
      } else if (entry.differences().isEmpty()) {
        out.printf("keep     %s%n", name);
      } else {
        out.printf("differs  %-40s  %s%n", name, entry.inWords());
      }
    }
    out.flush();
  }
}
