package io.gradwatch.schemas.registry;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How to reach a registry. Holds no secret and no connection, so it may travel to where it is used.
 *
 * @param urls where it answers, each up to what comes before {@code /subjects}; tried in turn, at
 *     least one
 * @param login who asks
 * @param caFile PEM file with the certificates of the authorities to believe; empty: those of the
 *     JVM
 * @param connectTimeout longest wait for a connection, above 0
 * @param timeout longest wait for a whole answer, the connection included, above 0
 */
public record RegistryOptions(
    List<URI> urls, RegistryLogin login, String caFile, Duration connectTimeout, Duration timeout)
    implements Serializable {
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** Names and literals only, as with Kafka: where a name leads, a resolver may lie about. */
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)localhost|127(?:\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

  /**
   * Options.
   *
   * @throws IllegalArgumentException when a bound is not kept
   */
  public RegistryOptions {
    urls = List.copyOf(urls);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("no URL of the registry is given, must be at least one");
    }
    if (connectTimeout.isNegative() || connectTimeout.isZero()) {
      throw new IllegalArgumentException(
          "the registry's connect timeout is " + connectTimeout + ", must be above 0");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "the registry's timeout is " + timeout + ", must be above 0");
    }
  }

  /**
   * A registry without login, with the usual timeouts.
   *
   * @param urls with commas between
   * @param allowPlaintext whether http may lead to other machines: anybody on the way could change
   *     schemas, and so what is read, and learn the login
   * @throws IllegalArgumentException when a URL cannot be used; the message has it, unless it holds
   *     a login
   */
  public static RegistryOptions of(String urls, boolean allowPlaintext) {
    List<URI> all =
        Pattern.compile(",")
            .splitAsStream(urls)
            .map(String::strip)
            .filter(url -> !url.isEmpty())
            .map(url -> base(url, allowPlaintext))
            .toList();
    return new RegistryOptions(
        all, RegistryLogin.NONE, "", DEFAULT_CONNECT_TIMEOUT, DEFAULT_TIMEOUT);
  }

  /** The same with a login. */
  public RegistryOptions withLogin(RegistryLogin login) {
    return new RegistryOptions(urls, login, caFile, connectTimeout, timeout);
  }

  /** The same that believes the authorities of a PEM file; empty: those of the JVM. */
  public RegistryOptions withCaFile(String caFile) {
    return new RegistryOptions(urls, login, caFile, connectTimeout, timeout);
  }

  /** The same with other timeouts. */
  public RegistryOptions withTimeouts(Duration connectTimeout, Duration timeout) {
    return new RegistryOptions(urls, login, caFile, connectTimeout, timeout);
  }

  private static URI base(String text, boolean allowPlaintext) {
    if (text.contains("@")) {
      throw new IllegalArgumentException(
          "the registry's URL holds a login, must have none; give it as a basic login by reference");
    }
    URI url;
    try {
      url = new URI(text.replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("the registry's URL is '" + text + "', which is none", e);
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (url.getHost() == null
        || url.getRawQuery() != null
        || url.getRawFragment() != null
        || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalArgumentException(
          "the registry's URL is '" + text + "', must be https://HOST[:PORT][/PATH]");
    }
    if (scheme.equals("http") && !allowPlaintext && !LOOPBACK.matcher(url.getHost()).matches()) {
      throw new IllegalArgumentException(
          "the registry's URL is '"
              + text
              + "', must be https for one that is not on this machine, unless plaintext is allowed");
    }
    return url;
  }
}
