package io.gradwatch.console.access;

/**
 * Who asks.
 *
 * @param name of the person or the program; empty when not known
 * @param role what they may do
 * @param authentication how they are known
 * @param csrf what a change that a browser asks for must bring along
 * @param byBearer whether they came with a token in the request itself, which no other page can
 *     make a browser do
 */
public record Principal(
    String name, Role role, Authentication authentication, String csrf, boolean byBearer) {

  /** Without the secret. */
  @Override
  public String toString() {
    return "Principal[" + name + ", " + role + ", " + authentication + "]";
  }

  /** How somebody is known. */
  public enum Authentication {
    /** They are on this machine. */
    LOOPBACK,
    /** By a token. */
    TOKEN,
    /** A proxy in front says so. */
    PROXY
  }
}
