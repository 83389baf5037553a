package io.gradwatch.agent.tail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Positions of runs in a file, which is replaced as a whole: whoever ends in the middle leaves the
 * old one or the new one. Held by one process at a time.
 */
public final class PositionStore implements Closeable {
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The file's content. */
  private record Content(int version, Map<String, RunPosition> runs) {}

  private final Path file;
  private final FileChannel lock;

  private PositionStore(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Opens the file, which need not be there yet.
   *
   * @throws IOException when another process holds it, or its folder cannot be made
   */
  public static PositionStore open(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path beside = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel lock =
        FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(lock)) {
      lock.close();
      throw new IOException(
          "another agent publishes the same already (it holds " + beside + "): end it first");
    }
    return new PositionStore(file, lock);
  }

  private static boolean isLocked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * The positions by run id; none where the file is not there.
   *
   * @throws IOException when it cannot be read
   */
  public Map<String, RunPosition> load() throws IOException {
    try {
      Content content = JSON.readValue(Files.readAllBytes(file), Content.class);
      if (content.version() != VERSION) {
        throw damaged("it is of version " + content.version() + ", allowed: " + VERSION, null);
      }
      return content.runs();
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (JsonProcessingException e) {
      throw damaged(e.getOriginalMessage(), e);
    }
  }

  /** Replaces the file. */
  public void save(Map<String, RunPosition> runs) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(new Content(VERSION, new TreeMap<>(runs)));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel out =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private IOException damaged(String why, @Nullable Throwable cause) {
    return new IOException(
        "cannot read the positions in "
            + file
            + ": "
            + why
            + "; without that file the logs are published from their beginning, which changes"
            + " nothing of what the pipeline knows of them",
        cause);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
