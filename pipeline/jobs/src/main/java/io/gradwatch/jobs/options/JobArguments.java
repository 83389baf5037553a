package io.gradwatch.jobs.options;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;

/**
 * A command line, read. Where an option is given twice the later one holds.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code --NAME VALUE}</td><td>an option of the job, its name without {@code gradwatch.}</td></tr>
 * <tr><td>{@code -DNAME=VALUE}</td><td>an option of the job by its full name, or a setting of Flink</td></tr>
 * <tr><td>{@code --options FILE}</td><td>a properties file with names as after {@code -D}</td></tr>
 * <tr><td>{@code --command-config FILE}</td><td>a properties file for Kafka clients (TLS, SASL)</td></tr>
 * <tr><td>{@code --bootstrap-server ADDRESSES}</td><td>as Kafka's own commands call it</td></tr>
 * </table>
 *
 * @param options the job's options
 * @param flink settings of Flink
 */
public record JobArguments(JobOptions options, Configuration flink) {

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException when it cannot be understood
   * @throws IOException when a file it names cannot be read
   */
  public static JobArguments parse(String... args) throws IOException {
    Map<String, String> job = new LinkedHashMap<>();
    Configuration flink = new Configuration();
    Iterator<String> rest = List.of(args).iterator();
    while (rest.hasNext()) {
      String arg = rest.next();
      if (arg.startsWith("--") && arg.length() > 2) {
        int equals = arg.indexOf('=');
        String name = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
        take(name, equals < 0 ? valueOf(arg, rest) : arg.substring(equals + 1), job, flink);
      } else if (arg.startsWith("-D")) {
        String assignment = arg.length() > 2 ? arg.substring(2) : valueOf(arg, rest);
        int equals = assignment.indexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException(
              "argument is '" + withoutValue(arg) + "', must be -DNAME=VALUE");
        }
        assign(assignment.substring(0, equals), assignment.substring(equals + 1), job, flink);
      } else {
        throw new IllegalArgumentException(
            "argument is '" + withoutValue(arg) + "', must be --NAME VALUE or -DNAME=VALUE");
      }
    }
    return new JobArguments(JobOptions.of(job), flink);
  }

  /** What may be told: a login that was not quoted comes as words of its own. */
  private static String withoutValue(String arg) {
    int equals = arg.indexOf('=');
    return equals < 0 ? arg : arg.substring(0, equals + 1) + "...";
  }

  private static String valueOf(String name, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(name + " has no value");
    }
    return rest.next();
  }

  private static void take(String name, String value, Map<String, String> job, Configuration flink)
      throws IOException {
    switch (name) {
      case "options" -> read(value).forEach((key, text) -> assign(key, text, job, flink));
      case "command-config" ->
          read(value).forEach((key, text) -> job.put(JobOptions.KAFKA_PREFIX + key, text));
      case "bootstrap-server" -> job.put(JobOptions.BOOTSTRAP_SERVERS.name(), value);
      default -> job.put(JobOptions.PREFIX + name, value);
    }
  }

  private static void assign(
      String name, String value, Map<String, String> job, Configuration flink) {
    if (name.startsWith(JobOptions.PREFIX)) {
      job.put(name, value);
    } else {
      flink.setString(name, value);
    }
  }

  private static Map<String, String> read(String file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    Map<String, String> values = new LinkedHashMap<>();
    properties.stringPropertyNames().stream()
        .sorted()
        .forEach(name -> values.put(name, properties.getProperty(name)));
    return values;
  }
}
