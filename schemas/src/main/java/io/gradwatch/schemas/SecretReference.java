package io.gradwatch.schemas;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A reference to a secret, written as in settings of Kafka's clients ({@link KafkaSecrets}): <code>
 * ${env:NAME}</code> for a variable of the environment, <code>${file:/PATH:NAME}</code> for a line
 * of a properties file. Replaced where it is used, each time anew, so that a secret may be changed
 * under a process that runs.
 */
public final class SecretReference {
  /** What a reference looks like, for messages. */
  public static final String FORM = "${file:/PATH:NAME} or ${env:NAME}";

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(?:env:(?<variable>[^:}]+)|file:(?<path>[^}]+):(?<name>[^:}]+))}");

  private SecretReference() {}

  /** Whether a text is one reference and nothing else. */
  public static boolean isOne(String text) {
    return REFERENCE.matcher(text).matches();
  }

  /**
   * The secret.
   *
   * @throws IOException when there is none, or its file cannot be read; the message has the
   *     reference
   */
  public static String resolve(String reference) throws IOException {
    return resolve(reference, System.getenv());
  }

  static String resolve(String reference, Map<String, String> environment) throws IOException {
    Matcher parts = REFERENCE.matcher(reference);
    if (!parts.matches()) {
      throw new IOException("a secret is no reference, must be " + FORM);
    }
    String variable = parts.group("variable");
    String secret =
        variable != null
            ? environment.get(variable)
            : line(reference, parts.group("path"), parts.group("name"));
    if (secret == null || secret.isEmpty()) {
      throw new IOException(
          reference + (variable != null ? " is not set" : " names no line of its file"));
    }
    return secret;
  }

  private static @Nullable String line(String reference, String path, String name)
      throws IOException {
    Properties file = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(path), StandardCharsets.UTF_8)) {
      file.load(in);
    } catch (IOException | IllegalArgumentException e) {
      // The cause stays out: what could not be parsed may be the secret.
      throw new IOException(reference + " cannot be read: " + e.getClass().getSimpleName());
    }
    return file.getProperty(name);
  }
}
