package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.service.ServiceLog;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.jobs.GradwatchJob;
import io.gradwatch.jobs.options.JobArguments;
import io.gradwatch.jobs.options.JobOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch job}. */
@Command(
    name = "job",
    description = {
      "The Flink job in this process against any Kafka, until Ctrl-C. For a trial or a small team; a"
          + " cluster runs the shaded job jar.",
      "State is kept where -D execution.checkpointing.dir=URI says; without it, it ends with the"
          + " process."
    })
final class JobCommand implements Callable<Integer> {
  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Mixin private RegistryAccess registry = new RegistryAccess();

  @Option(
      names = "--registry-write",
      description = "Writes Confluent framing: -D gradwatch.registry.write=true.")
  private boolean registryWrite;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "1",
      description = "Subtasks of the job. Default: ${DEFAULT-VALUE}.")
  private int parallelism;

  @Option(
      names = "-D",
      paramLabel = "NAME=VALUE",
      description = "An option of the job (gradwatch.*) or of Flink; may be repeated.")
  private Map<String, String> settings = Map.of();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    Arguments.atLeastOne(commandLine, "--parallelism", parallelism);
    Path log = ServiceLog.inTemporaryFolder("gradwatch-job");
    JobArguments arguments = arguments(commandLine);
    PrintWriter out = commandLine.getOut();
    kafka.requireBroker();
    var job = GradwatchJob.start(arguments.options(), arguments.flink());
    out.println("kafka  " + kafka.bootstrapServer());
    out.println("log    " + log);
    out.println("Up until Ctrl-C.");
    out.flush();
    try {
      job.getJobExecutionResult().get();
      return ExitCode.OK;
    } catch (ExecutionException e) {
      throw new CommandFailedException("the job failed, see " + log + ": " + e.getCause(), e);
    }
  }

  private JobArguments arguments(CommandLine commandLine) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--bootstrap-server=" + kafka.bootstrapServer());
    arguments.add("-D" + JobOptions.ALLOW_PLAINTEXT.name() + "=" + kafka.allowsPlaintext());
    arguments.add("-D" + CoreOptions.DEFAULT_PARALLELISM.key() + "=" + parallelism);
    arguments.add("-D" + RestOptions.ADDRESS.key() + "=127.0.0.1");
    arguments.add("-D" + RestOptions.BIND_ADDRESS.key() + "=127.0.0.1");
    kafka
        .properties()
        .forEach(
            (name, value) -> arguments.add("-D" + JobOptions.KAFKA_PREFIX + name + "=" + value));
    registry
        .jobOptions()
        .forEach((name, value) -> arguments.add("-D" + JobOptions.PREFIX + name + "=" + value));
    if (registryWrite) {
      arguments.add("-D" + JobOptions.REGISTRY_WRITE.name() + "=true");
    }
    settings.forEach((name, value) -> arguments.add("-D" + name + "=" + value));
    try {
      return JobArguments.parse(arguments.toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }
}
