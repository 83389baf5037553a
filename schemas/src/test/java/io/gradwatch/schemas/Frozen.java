package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder of files that are written once and never changed. A test reads each by name; {@link
 * #assertAllRead} fails for a file that no test has read.
 *
 * <p>{@code mvn -pl schemas test -Dgradwatch.freeze} writes the files that are missing; an existing
 * one is never written over.
 */
final class Frozen {
  /** True when missing files are to be written. */
  static final boolean FREEZE = System.getProperty("gradwatch.freeze") != null;

  private final Path folder;
  private final Set<Path> read = new TreeSet<>();

  /** A folder relative to the module. */
  Frozen(String folder) {
    this.folder = Path.of(folder);
  }

  /** The content of a file, which must be there; when freezing, a missing one is made of this. */
  byte[] read(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    if (FREEZE && !Files.exists(file)) {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    }
    assertThat(file).as("frozen file; -Dgradwatch.freeze writes it").exists();
    read.add(file);
    return Files.readAllBytes(file);
  }

  /** True when there is such a file. */
  boolean has(String name) {
    return Files.exists(folder.resolve(name));
  }

  /** Fails when the folder has a file that was not read through this object. */
  void assertAllRead() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      assertThat(read)
          .as("files of " + folder + " that a test reads")
          .containsExactlyElementsOf(all);
    }
  }
}
