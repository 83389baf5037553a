package io.gradwatch.console.access;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A proxy in front that knows people by OpenID Connect and says in headers who they are. What it
 * says is believed only together with a secret that it and the console share, for anybody can send
 * a header.
 *
 * @param userHeader header with the name of the person, such as X-Forwarded-User
 * @param groupsHeader header with the person's groups, with commas between
 * @param operators groups whose people may change things
 * @param secret what the proxy sends in {@link #SECRET_HEADER}
 */
public record TrustedProxy(
    String userHeader, String groupsHeader, Set<String> operators, String secret) {
  /** The header with the secret. */
  public static final String SECRET_HEADER = "X-Gradwatch-Proxy-Secret";

  /** A proxy. */
  public TrustedProxy {
    operators = Set.copyOf(operators);
    if (secret.length() < Tokens.LEAST_LENGTH) {
      throw new IllegalArgumentException(
          "the proxy's secret has "
              + secret.length()
              + " characters, at least "
              + Tokens.LEAST_LENGTH
              + " are needed");
    }
  }

  /** Who the proxy says it is; null when it was not the proxy, or it names nobody. */
  Tokens.@Nullable Holder person(Function<String, @Nullable String> header) {
    String told = header.apply(SECRET_HEADER);
    String user = header.apply(userHeader);
    if (told == null
        || user == null
        || user.isBlank()
        || !MessageDigest.isEqual(Tokens.digest(told), Tokens.digest(secret))) {
      return null;
    }
    String groups = header.apply(groupsHeader);
    boolean operator =
        groups != null
            && Arrays.stream(groups.split(",", -1))
                .map(String::strip)
                .anyMatch(operators::contains);
    return new Tokens.Holder(user.strip(), operator ? Role.OPERATOR : Role.VIEWER);
  }

  @Override
  public String toString() {
    return "TrustedProxy[" + userHeader + ", " + groupsHeader + ", " + operators + "]";
  }
}
