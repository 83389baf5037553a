package io.gradwatch.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The folder a broker keeps its topics in, locked against a second broker while it is open. Kafka's
 * own lock comes too late: its controller writes to the folder before the broker asks for it.
 */
final class DataFolder implements AutoCloseable {
  private final Path root;
  private final boolean temporary;
  private final FileChannel lockFile;

  private DataFolder(Path root, boolean temporary, FileChannel lockFile) {
    this.root = root;
    this.temporary = temporary;
    this.lockFile = lockFile;
  }

  /**
   * Opens {@code kept}, or a new temporary folder when there is none.
   *
   * @throws IOException when the folder cannot be written or another broker uses it
   */
  static DataFolder open(@Nullable Path kept) throws IOException {
    Path root =
        kept == null ? Files.createTempDirectory("gradwatch-broker-") : kept.toAbsolutePath();
    Files.createDirectories(root);
    FileChannel lockFile =
        FileChannel.open(
            root.resolve("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!lock(lockFile)) {
      lockFile.close();
      throw new IOException("another broker uses the data folder " + root);
    }
    return new DataFolder(root, kept == null, lockFile);
  }

  private static boolean lock(FileChannel file) throws IOException {
    try {
      @Nullable FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }

  /** The folder of Kafka's logs, alone in its parent so that Kafka meets only files of its own. */
  Path logs() {
    return root.resolve("kafka");
  }

  /** Gives the folder free; deletes it when it is temporary. */
  @Override
  public void close() {
    try {
      lockFile.close();
      if (temporary) {
        Files.walkFileTree(root, new Deleter());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the data folder " + root, e);
    }
  }

  private static final class Deleter extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
