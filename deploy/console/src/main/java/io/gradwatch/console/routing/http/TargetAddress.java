package io.gradwatch.console.routing.http;

import io.gradwatch.console.routing.http.AddressRules.Reach;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a target is: the one check for a configuration, a test and a delivery. What it prints is
 * host and port: the path of a webhook is often its secret.
 */
public final class TargetAddress {
  private static final Set<String> FORBIDDEN_NAMES =
      Set.of(
          "metadata",
          "metadata.google.internal",
          "metadata.goog",
          "metadata.azure.com",
          "metadata.azure.internal",
          "instance-data",
          "instance-data.ec2.internal");

  /** Digits, dots and hexadecimals only: an IPv4 address in any of the ways that libraries read. */
  private static final Pattern NUMERIC =
      Pattern.compile("(?i)(?:0x[0-9a-f]*|\\d+)(?:\\.(?:0x[0-9a-f]*|\\d+))*\\.?");

  private static final Pattern DOTTED_QUAD =
      Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");

  private static final int MOST_CHARACTERS = 2_048;

  private final URI uri;
  private final boolean allowPrivate;

  private TargetAddress(URI uri, boolean allowPrivate) {
    this.uri = uri;
    this.allowPrivate = allowPrivate;
  }

  /**
   * An address by its spelling; no name is looked up.
   *
   * @param url where the target is
   * @param allowPrivate whether it may be inside: on this machine, in a private network, or without
   *     TLS
   * @throws IllegalArgumentException when it may not be there; the message names no path
   */
  public static TargetAddress of(String url, boolean allowPrivate) {
    URI uri = parse(url);
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String host = uri.getHost();
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException("url begins with '" + scheme + "', must be https");
    }
    if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "url must be https://HOST[:PORT]/PATH, without a user, a password or a fragment");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new IllegalArgumentException("port is " + uri.getPort() + ", must be 1 to 65535");
    }
    if (scheme.equals("http") && !allowPrivate) {
      throw new IllegalArgumentException(
          "url of " + host + " is http, must be https; inside a cluster: allow-private: true");
    }
    checkName(host);
    return new TargetAddress(uri, allowPrivate);
  }

  /** The whole of it. May hold a secret: not for messages. */
  public URI uri() {
    return uri;
  }

  /** Host and port, for messages. */
  @Override
  public String toString() {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  /**
   * The addresses to connect to, every one of which was checked. To be connected to as they are: a
   * name that is looked up again may lead elsewhere.
   *
   * @throws RefusedAddressException when any of them is where no target may be
   * @throws UnknownHostException when there are none
   */
  public InetAddress[] resolve(HostResolver resolver) throws UnknownHostException {
    String host = uri.getHost();
    InetAddress[] found = resolver.addresses(withoutBrackets(host));
    if (found.length == 0) {
      throw new UnknownHostException(host);
    }
    for (InetAddress address : found) {
      Reach reach = AddressRules.reach(address);
      if (reach == Reach.FORBIDDEN) {
        throw new RefusedAddressException(
            "%s is at %s, where no target may be".formatted(this, address.getHostAddress()));
      }
      if (reach == Reach.PRIVATE && !allowPrivate) {
        throw new RefusedAddressException(
            "%s is at %s, inside; where that is right: allow-private: true"
                .formatted(this, address.getHostAddress()));
      }
      if (reach == Reach.PUBLIC && isPlain()) {
        throw new RefusedAddressException(
            "%s is at %s, outside; there it must be https"
                .formatted(this, address.getHostAddress()));
      }
    }
    return found;
  }

  private boolean isPlain() {
    return uri.getScheme().equalsIgnoreCase("http");
  }

  private static URI parse(String url) {
    if (url.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "url has " + url.length() + " characters, at most " + MOST_CHARACTERS + " are taken");
    }
    try {
      return new URI(url.strip());
    } catch (URISyntaxException e) {
      // Its message repeats the whole of it.
      throw new IllegalArgumentException("url is none, see its character " + e.getIndex());
    }
  }

  private static void checkName(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (FORBIDDEN_NAMES.contains(plain)) {
      throw new IllegalArgumentException(host + " is a metadata service, no target may be there");
    }
    if (NUMERIC.matcher(plain).matches() && !DOTTED_QUAD.matcher(plain).matches()) {
      throw new IllegalArgumentException(
          host + " is no address of four numbers, write it as 192.0.2.1");
    }
    if (name.startsWith("[") && (name.contains(".") || name.contains("%") || isMapped(name))) {
      throw new IllegalArgumentException(host + " hides another address, write the address itself");
    }
  }

  private static boolean isMapped(String literal) {
    return Pattern.compile("\\[(?:0*:){2,5}:?f{4}:.*").matcher(literal).matches();
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
