package io.gradwatch.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Checkpoints that a job leaves when it ends. */
public final class RetainedCheckpoints {
  private static final String PREFIX = "chk-";

  private RetainedCheckpoints() {}

  /** Where the one of the highest number below a folder is, for Flink to start from. */
  public static Optional<String> newest(Path folder) {
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().equals("_metadata"))
          .map(Path::getParent)
          .filter(checkpoint -> checkpoint.getFileName().toString().startsWith(PREFIX))
          .max(Comparator.comparingInt(RetainedCheckpoints::number))
          .map(checkpoint -> checkpoint.toUri().toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for checkpoints in " + folder, e);
    }
  }

  private static int number(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().substring(PREFIX.length()));
  }
}
