package io.gradwatch.agent.gateway;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of a file, read again when it has changed: looked at when somebody asks, at most once
 * a second. While it cannot be read or says what cannot be, those read before stay in force.
 */
final class TokenFile {
  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** By which a file is known to be as it was. */
  private record Stamp(Object modified, long size, @Nullable Object key) {}

  private final Path file;
  private final LongSupplier nanoTime;
  private Tokens tokens;
  private @Nullable Stamp stamp;
  private long lookedNanos;
  private boolean valid = true;

  /**
   * Reads it.
   *
   * @throws IOException when it cannot be read, or says what cannot be
   */
  TokenFile(Path file, LongSupplier nanoTime) throws IOException {
    this.file = file;
    this.nanoTime = nanoTime;
    this.lookedNanos = nanoTime.getAsLong();
    this.stamp = stamp(file);
    this.tokens = read(file);
  }

  /** Those in force. */
  synchronized Tokens tokens() {
    long now = nanoTime.getAsLong();
    if (now - lookedNanos >= LOOK_NANOS) {
      lookedNanos = now;
      look();
    }
    return tokens;
  }

  /** False while the file is not what is in force, because it cannot be read. */
  synchronized boolean isValid() {
    return valid;
  }

  private void look() {
    Stamp seen = stamp(file);
    if (Objects.equals(seen, stamp)) {
      return;
    }
    stamp = seen;
    try {
      tokens = read(file);
      valid = true;
      LOG.info("read the tokens again");
    } catch (IOException e) {
      valid = false;
      LOG.warn("the tokens read before stay in force: {}", e.getMessage());
    }
  }

  /** Null where there is none. */
  private static @Nullable Stamp stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
    } catch (IOException e) {
      return null;
    }
  }

  private static Tokens read(Path file) throws IOException {
    try {
      return Tokens.parse(SecretFile.lines(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is no UTF-8, must be", e);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    }
  }
}
