package io.gradwatch.jobs;

import io.gradwatch.broker.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
    return Await.first("a look below " + folder, () -> look(folder));
  }

  /** Empty where something vanished meanwhile, as older checkpoints do. */
  private static Optional<Optional<String>> look(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return Optional.of(
          files
              .filter(file -> file.getFileName().toString().equals("_metadata"))
              .map(Path::getParent)
              .filter(checkpoint -> checkpoint.getFileName().toString().startsWith(PREFIX))
              .max(Comparator.comparingInt(RetainedCheckpoints::number))
              .map(checkpoint -> checkpoint.toUri().toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static int number(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().substring(PREFIX.length()));
  }
}
