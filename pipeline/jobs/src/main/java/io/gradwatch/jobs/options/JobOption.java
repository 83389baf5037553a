package io.gradwatch.jobs.options;

import java.util.function.Predicate;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * One option of the catalogue: Flink's option and the bound its values must keep.
 *
 * @param option name, type, default and description
 * @param keeps whether a value keeps the bound
 * @param bound the bound in words, as in "must be ..."
 * @param <T> its type
 */
public record JobOption<T>(ConfigOption<T> option, Predicate<T> keeps, String bound) {

  /** The option's full name. */
  public String name() {
    return option.key();
  }

  /**
   * The value chosen, else the default.
   *
   * @throws IllegalArgumentException when it is missing, of another type or outside its bound; the
   *     message gives name, value and bound
   */
  T read(Configuration chosen) {
    T value;
    try {
      value = chosen.get(option);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name() + " is '" + chosen.toMap().get(name()) + "', must be " + bound, e);
    }
    if (value == null) {
      throw new IllegalArgumentException(name() + " is not set, must be " + bound);
    }
    if (!keeps.test(value)) {
      throw new IllegalArgumentException(
          name() + " is '" + chosen.toMap().get(name()) + "', must be " + bound);
    }
    return value;
  }
}
