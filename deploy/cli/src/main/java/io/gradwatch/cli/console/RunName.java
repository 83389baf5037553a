package io.gradwatch.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.schemas.Topics;
import java.net.URLEncoder;
import java.util.Base64;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A run as the command line names it.
 *
 * @param project its project
 * @param run its id there
 */
record RunName(String project, String run) {
  /** Reads PROJECT/RUN, or RUN alone for the default project. */
  static final class Converter implements ITypeConverter<RunName> {
    @Override
    public RunName convert(String text) {
      int slash = text.indexOf('/');
      String project = slash < 0 ? Topics.DEFAULT_PROJECT : text.substring(0, slash);
      String run = text.substring(slash + 1);
      try {
        Topics.checkProject(project);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
      if (run.isBlank()) {
        throw new TypeConversionException("'" + text + "' names no run, it must be PROJECT/RUN");
      }
      return new RunName(project, run);
    }
  }

  /** Where the interface has it. The id is encoded whole: it may hold slashes, or anything. */
  String path() {
    return "/runs/"
        + encode(project)
        + "/~"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(run.getBytes(UTF_8));
  }

  /** As one value of a query. */
  String parameter() {
    return encode(project + "/" + run);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** The shortest that names it on the command line: a run of the default project by its id. */
  static String shortest(String project, String run) {
    return project.equals(Topics.DEFAULT_PROJECT) && run.indexOf('/') < 0
        ? run
        : project + "/" + run;
  }

  @Override
  public String toString() {
    return project + "/" + run;
  }
}
