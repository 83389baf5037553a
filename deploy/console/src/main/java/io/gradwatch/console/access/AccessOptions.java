package io.gradwatch.console.access;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Who may come.
 *
 * @param host address the console listens on
 * @param tokens by which people and programs are known
 * @param proxy a proxy that knows people; null when there is none
 * @param publicUrl where people find the console; null: where it listens
 */
public record AccessOptions(
    String host, Tokens tokens, @Nullable TrustedProxy proxy, @Nullable URI publicUrl) {

  /** This machine only, without any sign-in. */
  public static AccessOptions loopback() {
    return new AccessOptions("127.0.0.1", Tokens.NONE, null, null);
  }
}
