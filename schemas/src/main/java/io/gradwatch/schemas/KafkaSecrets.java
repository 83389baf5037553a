package io.gradwatch.schemas;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * References to secrets in settings of Kafka's clients: <code>${env:NAME}</code> for a variable of
 * the environment, <code>${file:/PATH:NAME}</code> for a line of a properties file. The client
 * itself replaces them, in the process in which it runs, so that whatever carries the settings
 * there (a job's graph, its command line, a web page) carries no secret.
 */
public final class KafkaSecrets {
  private static final String PROVIDERS = "config.providers";
  private static final String PACKAGE = "org.apache.kafka.common.config.provider.";

  /** As Kafka's {@code ConfigTransformer} finds them. */
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(?<provider>env|file):(?:(?<path>[^}]*?):)?(?<name>[^}]*?)}");

  private KafkaSecrets() {}

  /**
   * The settings that let a client resolve its references, and nothing but these: variables and
   * files that none of them names stay closed to it.
   *
   * @param settings of a client
   * @throws IllegalArgumentException where the path of a file holds a comma, at which Kafka parts
   *     them
   * @return what is to be added; nothing where there are no references, or where the settings name
   *     providers of their own
   */
  public static Map<String, String> providers(Map<?, ?> settings) {
    Set<String> variables = new TreeSet<>();
    Set<String> files = new TreeSet<>();
    for (Object value : settings.values()) {
      if (value instanceof String text) {
        Matcher reference = REFERENCE.matcher(text);
        while (reference.find()) {
          String path = reference.group("path");
          if (reference.group("provider").equals("env")) {
            variables.add(reference.group("name"));
          } else if (path != null) {
            files.add(withoutCommas(path));
          }
        }
      }
    }
    Map<String, String> added = new LinkedHashMap<>();
    if (settings.containsKey(PROVIDERS) || (variables.isEmpty() && files.isEmpty())) {
      return added;
    }
    Set<String> providers = new TreeSet<>();
    if (!variables.isEmpty()) {
      providers.add("env");
      added.put(PROVIDERS + ".env.class", PACKAGE + "EnvVarConfigProvider");
      added.put(
          PROVIDERS + ".env.param.allowlist.pattern",
          variables.stream().map(Pattern::quote).collect(Collectors.joining("|")));
    }
    if (!files.isEmpty()) {
      providers.add("file");
      added.put(PROVIDERS + ".file.class", PACKAGE + "FileConfigProvider");
      added.put(PROVIDERS + ".file.param.allowed.paths", String.join(",", files));
    }
    added.put(PROVIDERS, String.join(",", providers));
    return added;
  }

  private static String withoutCommas(String path) {
    if (path.contains(",")) {
      throw new IllegalArgumentException(
          "${file:%s:...} names a path with a comma, must have none; move the file"
              .formatted(path));
    }
    return path;
  }
}
