package io.gradwatch.console.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokens by which people and programs are known: a file of lines {@code ROLE NAME TOKEN}. Kept as
 * digests, so that no dump of the memory has them.
 */
public final class Tokens {
  /** Shortest token taken, characters. */
  public static final int LEAST_LENGTH = 16;

  private static final int MOST_BYTES = 1 << 20;

  /** Nobody has a token. */
  public static final Tokens NONE = new Tokens(List.of());

  private record Known(byte[] digest, Role role, String name) {}

  /** Who has a token. */
  public record Holder(String name, Role role) {}

  private final List<Known> known;

  private Tokens(List<Known> known) {
    this.known = List.copyOf(known);
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it cannot be read, others may read it, or a line is none; the message
   *     names the line and never a token
   */
  public static Tokens read(Path file) throws IOException {
    requirePrivate(file);
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(
          file + " has " + Files.size(file) + " bytes, at most " + MOST_BYTES + " are taken");
    }
    List<Known> known = new ArrayList<>();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        known.add(parse(file + ", line " + (i + 1), line));
      }
    }
    if (known.isEmpty()) {
      throw new IOException(file + " has no token; write lines of ROLE NAME TOKEN");
    }
    return new Tokens(known);
  }

  /** Who has this token; null when nobody does. Takes as long for a nearly right one. */
  public @Nullable Holder holder(String token) {
    byte[] digest = digest(token);
    Holder holder = null;
    for (Known candidate : known) {
      if (MessageDigest.isEqual(candidate.digest(), digest)) {
        holder = new Holder(candidate.name(), candidate.role());
      }
    }
    return holder;
  }

  /** Whether anybody has one. */
  public boolean isEmpty() {
    return known.isEmpty();
  }

  private static Known parse(String place, String line) throws IOException {
    String[] words = line.split("\\s+", -1);
    if (words.length != 3) {
      throw new IOException(place + " has " + words.length + " words, must be ROLE NAME TOKEN");
    }
    if (words[2].length() < LEAST_LENGTH) {
      throw new IOException(
          place
              + " has a token of "
              + words[2].length()
              + " characters, at least "
              + LEAST_LENGTH
              + " are needed; make one with `openssl rand -hex 24`");
    }
    try {
      return new Known(digest(words[2]), Role.of(words[0]), words[1]);
    } catch (IllegalArgumentException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.OTHERS_READ)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IOException(file + " can be read by others; run `chmod o= " + file + "`");
      }
    }
  }

  static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
