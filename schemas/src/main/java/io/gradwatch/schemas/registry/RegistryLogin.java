package io.gradwatch.schemas.registry;

import io.gradwatch.schemas.SecretReference;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * How a registry learns who asks. The secret is a reference, so that whatever carries a login (a
 * command line, a job's graph, a web page) carries no secret.
 *
 * @param user name of a basic login; empty: there is none, or a token
 * @param secret reference to the user's password or to the token ({@link SecretReference}); empty:
 *     no login
 */
public record RegistryLogin(String user, String secret) implements Serializable {
  /** Nobody in particular. */
  public static final RegistryLogin NONE = new RegistryLogin("", "");

  /**
   * A login.
   *
   * @throws IllegalArgumentException when the secret is no reference; the message does not have it
   */
  public RegistryLogin {
    if (!secret.isEmpty() && !SecretReference.isOne(secret)) {
      throw new IllegalArgumentException(
          "the secret of the registry's login stands in the open, must be a reference: "
              + SecretReference.FORM);
    }
  }

  /**
   * The login of two texts, of which one at least is empty.
   *
   * @param basic {@code USER:REFERENCE}
   * @param bearer a reference to a token
   * @throws IllegalArgumentException when both are given, or one is not of its form; the message
   *     has neither
   */
  public static RegistryLogin of(String basic, String bearer) {
    if (!basic.isEmpty() && !bearer.isEmpty()) {
      throw new IllegalArgumentException(
          "the registry has both a basic login and a bearer token, must have at most one");
    }
    if (basic.isEmpty()) {
      return new RegistryLogin("", bearer);
    }
    int colon = basic.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(
          "the registry's basic login must be USER:REFERENCE, the reference as "
              + SecretReference.FORM);
    }
    return new RegistryLogin(basic.substring(0, colon), basic.substring(colon + 1));
  }

  /**
   * The value of the header {@code Authorization}, null without a login.
   *
   * @throws IOException when the secret is not there
   */
  @Nullable String authorization() throws IOException {
    if (secret.isEmpty()) {
      return null;
    }
    String resolved = SecretReference.resolve(secret);
    // Java's client would say it with the secret.
    if (user.isEmpty() && resolved.chars().anyMatch(c -> c <= ' ' || c >= 0x7F)) {
      throw new IOException(
          secret
              + " has a character that no token may have, must be letters, digits and signs of ASCII");
    }
    return user.isEmpty()
        ? "Bearer " + resolved
        : "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + resolved).getBytes(StandardCharsets.UTF_8));
  }
}
