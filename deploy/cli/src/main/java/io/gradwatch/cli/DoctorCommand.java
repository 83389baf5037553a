package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.access.Role;
import io.gradwatch.cli.doctor.Doctor;
import io.gradwatch.cli.doctor.Finding;
import io.gradwatch.cli.doctor.Finding.Severity;
import io.gradwatch.cli.doctor.FindingsPrinter;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.terminal.Terminal;
import io.gradwatch.jobs.options.JobOptions;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch doctor}. */
@Command(
    name = "doctor",
    description = {
      "Looks at brokers, topics, rights, transactions, schemas, clocks, lag, dead letters and"
          + " policies, and says what to do.",
      "Nothing is changed. With a problem the exit code is 1."
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Mixin private RegistryAccess registry = new RegistryAccess();

  @Option(
      names = "--project",
      paramLabel = "NAME",
      split = ",",
      description = "A project; may be repeated. Default: all that have an event topic.")
  private Set<String> projects = new LinkedHashSet<>();

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "Whose rights the present principal should have: ${COMPLETION-CANDIDATES}. Default:"
              + " ${DEFAULT-VALUE}.")
  private Role role = Role.OPERATOR;

  @Option(
      names = "--group-id",
      paramLabel = "NAME",
      description = "The job's gradwatch.group-id. Default: gradwatch.")
  private @Nullable String groupId;

  @Option(
      names = "-D",
      paramLabel = "NAME=VALUE",
      description = "An option with which the job was started (gradwatch.*); may be repeated.")
  private Map<String, String> jobOptions = Map.of();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Most events of a project, and most dead letters, that are read. Default:"
              + " ${DEFAULT-VALUE}.")
  private int samples = 1000;

  @Option(names = "--json", description = "One line of JSON for each finding.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    projects.forEach(project -> Arguments.project(commandLine, project));
    Arguments.atLeastOne(commandLine, "--samples", samples);
    JobOptions job = job(commandLine);
    List<Finding> findings =
        new Doctor(kafka, job, role, samples, registry.open(kafka.allowsPlaintext()))
            .examine(projects);
    FindingsPrinter printer =
        new FindingsPrinter(commandLine.getOut(), Terminal.detect().outStyle());
    if (json) {
      printer.json(findings);
    } else {
      printer.table(findings);
    }
    return findings.stream().anyMatch(finding -> finding.severity() == Severity.PROBLEM)
        ? ExitCode.FAILURE
        : ExitCode.OK;
  }

  private JobOptions job(CommandLine commandLine) {
    Map<String, String> all = new HashMap<>(jobOptions);
    all.put(JobOptions.BOOTSTRAP_SERVERS.name(), kafka.bootstrapServer());
    // How the job reaches Kafka is its own matter; nothing is sent from here with these options.
    all.put(JobOptions.ALLOW_PLAINTEXT.name(), "true");
    if (groupId != null) {
      all.put(JobOptions.GROUP_ID.name(), groupId);
    }
    try {
      return JobOptions.of(all);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }
}
