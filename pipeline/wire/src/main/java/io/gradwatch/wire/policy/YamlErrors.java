package io.gradwatch.wire.policy;

import io.gradwatch.wire.policy.YamlValue.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with one file, collected until all of it was read. */
final class YamlErrors {
  /** A file that is wrong everywhere is no policy; more than this nobody reads. */
  private static final int MOST = 100;

  private record Found(Place place, String message) {}

  private final String file;
  private final List<Found> errors = new ArrayList<>();

  /**
   * @param file how errors name it
   */
  YamlErrors(String file) {
    this.file = file;
  }

  void add(Place place, String message) {
    errors.add(new Found(place, message));
  }

  /** Says all errors from the top of the file to its end, if there are any. */
  void throwIfAny() throws InvalidPolicyException {
    if (errors.isEmpty()) {
      return;
    }
    errors.sort(
        Comparator.comparingInt((Found error) -> error.place().line())
            .thenComparingInt(error -> error.place().column()));
    List<String> lines = new ArrayList<>();
    for (Found error : errors.subList(0, Math.min(MOST, errors.size()))) {
      lines.add(file + ":" + error.place().line() + ": " + error.message());
    }
    if (errors.size() > MOST) {
      lines.add(file + ": " + (errors.size() - MOST) + " more errors");
    }
    throw new InvalidPolicyException(lines);
  }
}
