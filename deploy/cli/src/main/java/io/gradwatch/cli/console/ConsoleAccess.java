package io.gradwatch.cli.console;

import io.gradwatch.backtest.FailureText;
import io.gradwatch.cli.terminal.CommandFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the console is, and by which token it may be asked. */
final class ConsoleAccess {
  private static final String DEFAULT_URL = "http://127.0.0.1:9600";
  private static final String TOKEN_VARIABLE = "GRADWATCH_CONSOLE_TOKEN";
  private static final int MOST_TOKEN_BYTES = 16 * 1024;

  @Option(
      names = "--console",
      paramLabel = "URL",
      defaultValue = "${env:GRADWATCH_CONSOLE:-" + DEFAULT_URL + "}",
      description = {
        "Where the console is, as gradwatch up prints it. Default: GRADWATCH_CONSOLE, else "
            + DEFAULT_URL
            + "."
      })
  private String url = DEFAULT_URL;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = {
        "File with a token for the console, where it asks for one. Default: what "
            + TOKEN_VARIABLE
            + " is."
      })
  private @Nullable Path tokenFile;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /**
   * Who asks the console; nothing is asked yet.
   *
   * @throws ParameterException when the address is none
   * @throws CommandFailedException when a token would be sent so that others can read it
   */
  ConsoleClient client() {
    return client(System.getenv(TOKEN_VARIABLE));
  }

  ConsoleClient client(@Nullable String tokenOfEnvironment) {
    URI address = address();
    String token = token(tokenOfEnvironment);
    if (token != null && address.getScheme().equals("http") && !isLoopback(address.getHost())) {
      throw new CommandFailedException(
          address
              + " is on another machine and without TLS: the token would be readable on the way. Say"
              + " https, or open a tunnel and name its end on this machine");
    }
    return new ConsoleClient(address, token);
  }

  private URI address() {
    try {
      URI address = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (http && address.getHost() != null && address.getRawUserInfo() == null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw refused(e);
    }
    throw refused(null);
  }

  private ParameterException refused(@Nullable Throwable cause) {
    if (spec == null) {
      throw new IllegalStateException("is no part of a command");
    }
    return new ParameterException(
        spec.commandLine(),
        "--console is " + url + ", it must be an address such as " + DEFAULT_URL,
        cause);
  }

  private @Nullable String token(@Nullable String tokenOfEnvironment) {
    String token = tokenOfEnvironment;
    if (tokenFile != null) {
      try (var in = Files.newInputStream(tokenFile)) {
        token =
            new String(in.readNBytes(MOST_TOKEN_BYTES), java.nio.charset.StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new CommandFailedException(
            "cannot read " + tokenFile + ": " + FailureText.of(tokenFile.toString(), e), e);
      }
    }
    String stripped = token == null ? "" : token.strip();
    if (!stripped.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new CommandFailedException(
          "the token for the console has characters that no token has; one line is taken");
    }
    return stripped.isEmpty() ? null : stripped;
  }

  private static boolean isLoopback(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    boolean isNumber = bare.contains(":") || bare.matches("[0-9.]+");
    if (!isNumber) {
      return bare.equals("localhost"); // a name is not looked up to decide where a secret goes
    }
    try {
      return InetAddress.getByName(bare).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
