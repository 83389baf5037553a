package io.gradwatch.jobs.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** The jar that clusters run, as the build made it. */
final class JobJar {
  /** Made in the phase package. */
  static final Path OF_THIS_BUILD = Path.of("target", "gradwatch-job.jar");

  private JobJar() {}

  /**
   * A copy with one more entry, so that a cluster meets it as another jar: with classes loaded
   * anew, that have to read what those of the first have written.
   */
  static Path later(Path target) {
    try {
      Files.copy(OF_THIS_BUILD, target, StandardCopyOption.REPLACE_EXISTING);
      URI uri = URI.create("jar:" + target.toUri());
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        Files.writeString(jar.getPath("META-INF/later-version"), "later\n");
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + OF_THIS_BUILD + " to " + target, e);
    }
  }
}
