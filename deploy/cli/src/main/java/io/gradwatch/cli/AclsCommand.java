package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.access.Grant;
import io.gradwatch.cli.access.KafkaAclsPrinter;
import io.gradwatch.cli.access.Right;
import io.gradwatch.cli.access.RightsCatalogue;
import io.gradwatch.cli.access.Role;
import io.gradwatch.cli.access.StrimziPrinter;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch acls}. */
@Command(
    name = "acls",
    description = {
      "Prints the least rights on Kafka with which trainers, job, console and operator work.",
      "Nothing is changed: run the commands, or apply the resources, as Kafka's administrator. Rights"
          + " do nothing before the brokers have an authorizer and deny what no right allows."
    })
final class AclsCommand implements Callable<Integer> {
  private static final String OF_PROJECT = "{project}";

  /** How rights are printed. */
  enum Format {
    COMMANDS,
    STRIMZI
  }

  @Option(names = "--print", description = "Prints them; nothing else can be asked for.")
  private boolean print;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "commands: for a shell with Kafka's tools; strimzi: KafkaUser resources. Default:"
              + " ${DEFAULT-VALUE}.")
  private Format format = Format.COMMANDS;

  @Option(
      names = "--project",
      paramLabel = "NAME",
      split = ",",
      description = "A project; may be repeated. Default: ${DEFAULT-VALUE}.")
  private Set<String> projects = new LinkedHashSet<>(Set.of(Topics.DEFAULT_PROJECT));

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      split = ",",
      description = "Only this one: ${COMPLETION-CANDIDATES}; may be repeated. Default: all.")
  private Set<Role> roles = EnumSet.allOf(Role.class);

  @Option(
      names = "--trainer",
      paramLabel = "NAME",
      description =
          "Principal of a project's trainings: a SCRAM user, or the name of a certificate"
              + " (CN=...). Default: ${DEFAULT-VALUE}.")
  private String trainer = "gradwatch-trainer-" + OF_PROJECT;

  @Option(
      names = "--job",
      paramLabel = "NAME",
      description = "Principal of the job. Default: ${DEFAULT-VALUE}.")
  private String job = "gradwatch-job";

  @Option(
      names = "--console",
      paramLabel = "NAME",
      description =
          "Principal of the console and of those who look without it. Default: ${DEFAULT-VALUE}.")
  private String console = "gradwatch-console";

  @Option(
      names = "--router",
      paramLabel = "NAME",
      description = "Principal of the router of alarms. Default: ${DEFAULT-VALUE}.")
  private String router = "gradwatch-router";

  @Option(
      names = "--operator",
      paramLabel = "NAME",
      description =
          "Principal of those who set policies and send dead letters again. Default:"
              + " ${DEFAULT-VALUE}.")
  private String operator = "gradwatch-operator";

  @Option(
      names = "--group-id",
      paramLabel = "NAME",
      description = "The job's gradwatch.group-id. Default: ${DEFAULT-VALUE}.")
  private String groupId = JobOptions.GROUP_ID.option().defaultValue();

  @Option(
      names = "--transactional-id-prefix",
      paramLabel = "NAME",
      description = "The job's gradwatch.transactional-id-prefix. Default: ${DEFAULT-VALUE}.")
  private String transactionalIdPrefix = JobOptions.TRANSACTIONAL_ID_PREFIX.option().defaultValue();

  @Option(
      names = "--no-create-topics",
      negatable = true,
      description =
          "Job and operator create no topics (the job with -Dgradwatch.create-topics=false).")
  private boolean createTopics = true;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "For the commands: Kafka's addresses. Default: ${DEFAULT-VALUE}.")
  private String bootstrapServer = "localhost:9092";

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description = "For the commands: the administrator's settings of Kafka's clients. Not read.")
  private @Nullable Path commandConfig;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "For Strimzi: the Kafka resource. Default: ${DEFAULT-VALUE}.")
  private String cluster = "kafka";

  @Option(
      names = "--authentication",
      paramLabel = "TYPE",
      description = "For Strimzi: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private StrimziPrinter.Authentication authentication = StrimziPrinter.Authentication.TLS;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    if (!print) {
      throw new ParameterException(commandLine, "an option is missing: acls --print");
    }
    projects.forEach(project -> Arguments.project(commandLine, project));
    try {
      commandLine.getOut().print(text());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
    commandLine.getOut().flush();
    return ExitCode.OK;
  }

  private String text() {
    return format == Format.STRIMZI
        ? new StrimziPrinter(cluster, authentication).print(grants())
        : new KafkaAclsPrinter(connection()).print(grants());
  }

  private List<String> connection() {
    List<String> words = new ArrayList<>(List.of("--bootstrap-server", bootstrapServer));
    if (commandConfig != null) {
      words.addAll(List.of("--command-config", commandConfig.toString()));
    }
    return words;
  }

  /** One a principal, whatever its roles. */
  private List<Grant> grants() {
    RightsCatalogue catalogue = new RightsCatalogue(groupId, transactionalIdPrefix, createTopics);
    Map<String, Grant> grants = new LinkedHashMap<>();
    if (roles.contains(Role.TRAINER)) {
      for (String project : projects) {
        String name = trainer.replace(OF_PROJECT, project);
        add(grants, name, "trainings of project " + project, catalogue.trainer(project));
      }
    }
    if (roles.contains(Role.JOB)) {
      add(grants, job, "the job", catalogue.job());
    }
    if (roles.contains(Role.CONSOLE)) {
      add(grants, console, "the console", catalogue.console());
    }
    if (roles.contains(Role.ROUTER)) {
      add(grants, router, "the router of alarms", catalogue.router());
    }
    if (roles.contains(Role.OPERATOR)) {
      add(grants, operator, "operators", catalogue.operator());
    }
    return List.copyOf(grants.values());
  }

  private static void add(
      Map<String, Grant> grants, String name, String description, List<Right> rights) {
    grants.merge(name, new Grant(name, description, rights), Grant::and);
  }
}
