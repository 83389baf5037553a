package io.gradwatch.wire;

import java.util.EnumMap;
import java.util.Map;

/**
 * The constants of one enum as the constants of another, by name; the order in which either
 * declares them means nothing.
 */
final class EnumMapping<A extends Enum<A>, B extends Enum<B>> {
  private final Map<A, B> byName;

  private EnumMapping(Map<A, B> byName) {
    this.byName = byName;
  }

  /**
   * Maps every constant of the one to its namesake in the other.
   *
   * @throws IllegalArgumentException when one has no namesake
   */
  static <A extends Enum<A>, B extends Enum<B>> EnumMapping<A, B> between(
      Class<A> from, Class<B> to) {
    Map<A, B> byName = new EnumMap<>(from);
    for (A constant : from.getEnumConstants()) {
      byName.put(constant, Enum.valueOf(to, constant.name()));
    }
    return new EnumMapping<>(byName);
  }

  B of(A constant) {
    B mapped = byName.get(constant);
    if (mapped == null) {
      throw new IllegalArgumentException(constant + " has no namesake");
    }
    return mapped;
  }
}
