package io.gradwatch.cli.kafka;

import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.registry.HttpSchemaRegistry;
import io.gradwatch.schemas.registry.RegistryLogin;
import io.gradwatch.schemas.registry.RegistryOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How to reach a schema registry. Commands that read understand Confluent framing with it, commands
 * that publish events write it.
 */
public final class RegistryAccess {
  @Option(
      names = "--registry",
      paramLabel = "URL",
      description =
          "Schema registry with Confluent's API, for records in Confluent framing (up to what comes"
              + " before /subjects; several with commas between).")
  private String url = "";

  @Option(
      names = "--registry-basic-auth",
      paramLabel = "USER:REFERENCE",
      description =
          "Login there, the password as $${file:/PATH:NAME} (a line of a properties file) or"
              + " $${env:NAME}.")
  private String basic = "";

  @Option(
      names = "--registry-bearer-token",
      paramLabel = "REFERENCE",
      description = "The same as a token.")
  private String bearer = "";

  @Option(
      names = "--registry-ca-file",
      paramLabel = "FILE",
      description = "Certificates of the authorities to believe there (PEM). Default: Java's.")
  private @Nullable Path caFile;

  /** Whether one was named. */
  public boolean isGiven() {
    return !url.isBlank();
  }

  /** What names a registry to the job, by its options' names without their prefix. */
  public Map<String, String> jobOptions() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("registry.url", url);
    options.put("registry.basic-auth", basic);
    options.put("registry.bearer-token", bearer);
    options.put("registry.ca-file", caFile == null ? "" : caFile.toString());
    options.values().removeIf(String::isEmpty);
    return options;
  }

  /**
   * The registry, not asked yet; null when none was named.
   *
   * @param allowPlaintext whether http may lead to other machines
   * @throws CommandFailedException when it cannot be used; the message has no secret
   */
  public @Nullable SchemaRegistry open(boolean allowPlaintext) {
    return isGiven() ? require(allowPlaintext) : null;
  }

  /** What went wrong there, in one line. */
  public static CommandFailedException failure(UncheckedIOException failure) {
    return new CommandFailedException("schema registry: " + reason(failure), failure);
  }

  /** Why it could not be asked. */
  public static String reason(UncheckedIOException failure) {
    Throwable cause = failure.getCause();
    return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
  }

  /** The registry, where one has to be named. */
  public HttpSchemaRegistry require(boolean allowPlaintext) {
    try {
      return new HttpSchemaRegistry(
          RegistryOptions.of(url, allowPlaintext)
              .withLogin(RegistryLogin.of(basic, bearer))
              .withCaFile(caFile == null ? "" : caFile.toString()));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    } catch (UncheckedIOException e) {
      throw failure(e);
    }
  }
}
