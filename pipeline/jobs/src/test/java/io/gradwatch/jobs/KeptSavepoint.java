package io.gradwatch.jobs;

import io.gradwatch.core.monitor.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A savepoint in the repository, of a {@link HalfWay} fleet.
 *
 * @param folder its own, named by what wrote it
 */
record KeptSavepoint(Path folder) {
  /** Where they are, and the names that all have in common. */
  static final Path ALL = Path.of("src", "test", "resources", "savepoints");

  private static final String EVENTS = "fleet.bin.gz";
  private static final String STATE = "_metadata";
  private static final String ORIGIN = "README.md";

  /** All, the oldest first. */
  static List<KeptSavepoint> all() {
    try (Stream<Path> folders = Files.list(ALL)) {
      return folders.filter(Files::isDirectory).sorted().map(KeptSavepoint::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps a savepoint of this build. */
  void write(Path savepoint, HalfWay fleet) throws IOException {
    Files.createDirectories(folder);
    Files.copy(savepoint.resolve(STATE), folder.resolve(STATE));
    fleet.write(folder.resolve(EVENTS));
    Files.writeString(
        folder.resolve(ORIGIN),
        """
        A savepoint of version %d of a run's state, and the events before and after it, by

            mvn -pl pipeline/jobs -am verify -Dtest=none -Dit.test=SavepointNamesIT -Dgradwatch.savepoint.write=FOLDER
        """
            .formatted(RunState.VERSION));
  }

  HalfWay fleet() {
    try {
      return HalfWay.read(folder.resolve(EVENTS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Flink made. */
  byte[] state() throws IOException {
    return Files.readAllBytes(folder.resolve(STATE));
  }

  /** Every file of it. */
  Stream<Path> files() {
    return Stream.of(EVENTS, STATE, ORIGIN).map(folder::resolve);
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
