package io.gradwatch.jobs;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The names by which savepoints find their way back into the job.
 *
 * @param operators uids
 * @param states as {@link SavepointContents} tells them
 */
record FrozenNames(List<String> operators, List<String> states) {
  /** The file, beside the savepoints that are kept. */
  static final String NAME = "names.txt";

  private static final String FILE = "/savepoints/" + NAME;

  static FrozenNames read() {
    List<String> operators = new ArrayList<>();
    List<String> states = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                requireNonNull(FrozenNames.class.getResourceAsStream(FILE), FILE),
                StandardCharsets.UTF_8))) {
      for (String line : lines.lines().toList()) {
        if (line.contains("[")) {
          states.add(line);
        } else if (!line.isBlank() && !line.startsWith("#")) {
          operators.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FrozenNames(operators, states);
  }
}
