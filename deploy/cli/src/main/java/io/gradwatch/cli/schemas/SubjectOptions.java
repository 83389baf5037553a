package io.gradwatch.cli.schemas;

import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.schemas.Topics;
import io.gradwatch.schemas.registry.HttpSchemaRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which subjects of which registry are meant. */
final class SubjectOptions {
  @Mixin private RegistryAccess registry = new RegistryAccess();

  @Option(
      names = "--project",
      paramLabel = "NAME",
      split = ",",
      description = "A project; may be repeated. Default: " + Topics.DEFAULT_PROJECT + ".")
  private Set<String> projects = new LinkedHashSet<>();

  @Option(
      names = "--allow-plaintext",
      description = "Talks to a registry on other machines by http, too.")
  private boolean allowPlaintext;

  HttpSchemaRegistry registry(CommandLine commandLine) {
    if (!registry.isGiven()) {
      throw new ParameterException(commandLine, "Missing required option: '--registry=URL'");
    }
    return registry.require(allowPlaintext);
  }

  List<Subject> subjects(CommandLine commandLine) {
    try {
      projects.forEach(Topics::checkProject);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
    return Subject.of(projects.isEmpty() ? Set.of(Topics.DEFAULT_PROJECT) : projects);
  }
}
