package io.gradwatch.cli.terminal;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;

/** Constants as people write them, for a shell to complete. */
public abstract class Words implements Iterable<String> {
  private final Enum<?>[] constants;

  /**
   * @param constants what may be written, {@code LIKE_THIS} as {@code like-this}
   */
  protected Words(Enum<?>... constants) {
    this.constants = constants.clone();
  }

  @Override
  public final Iterator<String> iterator() {
    return Arrays.stream(constants).map(Words::of).iterator();
  }

  /** One of them. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
