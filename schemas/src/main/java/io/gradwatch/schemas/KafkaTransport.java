package io.gradwatch.schemas;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may go over a network to Kafka: TLS only. Without it anybody on the way reads events, writes
 * advice, and with SASL learns or replays the login. On this machine nothing leaves it.
 */
public final class KafkaTransport {
  private static final Set<String> ENCRYPTED = Set.of("SSL", "SASL_SSL");

  /** Names and literals only: whether a name leads here a resolver decides, and may be lied to. */
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?i)(?:[a-z_]+://)?(?:localhost|127(?:\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1])(?::\\d*)?");

  private KafkaTransport() {}

  /**
   * Refuses settings of a client that would talk to another machine without TLS.
   *
   * @param settings {@code bootstrap.servers} and {@code security.protocol} are looked at; what is
   *     no protocol that encrypts, such as a reference that is not resolved, counts as none
   * @param remedy how to allow it all the same, for the message
   * @throws IllegalArgumentException when they would; the message names the servers and the
   *     protocol
   */
  public static void requireTls(Map<?, ?> settings, String remedy) {
    Object chosen = settings.get("security.protocol");
    String protocol = chosen == null ? "PLAINTEXT" : chosen.toString();
    List<String> away =
        servers(settings.get("bootstrap.servers")).stream()
            .filter(server -> !LOOPBACK.matcher(server).matches())
            .toList();
    if (!away.isEmpty() && !ENCRYPTED.contains(protocol.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          ("security.protocol is '%s', must be SSL or SASL_SSL for servers that are not on this"
                  + " machine, such as %s; %s")
              .formatted(protocol, away.get(0), remedy));
    }
  }

  private static List<String> servers(@Nullable Object value) {
    if (value == null) {
      return List.of();
    }
    String all =
        value instanceof Collection<?> some
            ? some.stream().map(String::valueOf).collect(Collectors.joining(","))
            : value.toString();
    return Pattern.compile(",")
        .splitAsStream(all)
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }
}
