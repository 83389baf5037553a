package io.gradwatch.console.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Browsers that have signed in with a token. A console that starts again asks for it once more. */
final class Sessions {
  static final Duration LENGTH = Duration.ofHours(12);
  private static final int MOST = 10_000;

  private record Session(Tokens.Holder holder, String csrf, long endsAt) {}

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> byId = new LinkedHashMap<>();
  private final InstantSource clock;

  Sessions(InstantSource clock) {
    this.clock = clock;
  }

  /** The id of a new session. */
  synchronized String begin(Tokens.Holder holder) {
    long now = clock.millis();
    byId.values().removeIf(session -> session.endsAt() <= now);
    if (byId.size() == MOST) {
      byId.remove(byId.keySet().iterator().next());
    }
    String id = random();
    byId.put(id, new Session(holder, random(), now + LENGTH.toMillis()));
    return id;
  }

  synchronized @Nullable Principal find(String id) {
    Session session = byId.get(id);
    if (session == null || session.endsAt() <= clock.millis()) {
      return null;
    }
    return new Principal(
        session.holder().name(),
        session.holder().role(),
        Principal.Authentication.TOKEN,
        session.csrf(),
        false);
  }

  synchronized void end(String id) {
    byId.remove(id);
  }

  /** 32 random bytes as text. */
  final String random() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
