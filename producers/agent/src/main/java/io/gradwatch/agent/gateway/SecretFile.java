package io.gradwatch.agent.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A file that not everybody may read. */
final class SecretFile {
  private static final long MOST_BYTES = 1 << 20;
  private static final Set<PosixFilePermission> NOBODY_ELSES =
      EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

  private SecretFile() {}

  /**
   * Its lines.
   *
   * @throws IOException when it cannot be read, is larger than 1 MiB, or everybody may read or
   *     write it
   */
  static List<String> lines(Path file) throws IOException {
    requireSecret(file);
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(
          file + " has " + Files.size(file) + " bytes, must have at most " + MOST_BYTES);
    }
    return Files.readAllLines(file, StandardCharsets.UTF_8);
  }

  private static void requireSecret(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return; // there are no such permissions there
    }
    Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
    open.retainAll(NOBODY_ELSES);
    if (!open.isEmpty()) {
      throw new IOException(
          file + " may be read or written by everybody, must not be; chmod o-rw " + file);
    }
  }
}
