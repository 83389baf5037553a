package io.gradwatch.agent.gateway;

import io.gradwatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may write to which project. Only digests are kept. A lookup takes as long for one token as
 * for any other.
 */
final class Tokens {
  /** What a header can carry (RFC 6750), and more than anybody guesses. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~+/-]{16,512}=*");

  private static final Pattern HASHED = Pattern.compile("sha256:([0-9a-fA-F]{64})");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private record Entry(byte[] digest, String project) {}

  private final List<Entry> entries;

  private Tokens(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Reads lines {@code PROJECT TOKEN} or {@code PROJECT sha256:HEX}; blank ones and those that
   * begin with # say nothing.
   *
   * @throws IllegalArgumentException when a line is none of these, a token stands twice, or there
   *     is none; the message says which line, never a token
   */
  static Tokens parse(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        Entry entry = entry(line, i + 1);
        if (entries.stream().anyMatch(e -> MessageDigest.isEqual(e.digest, entry.digest))) {
          throw wrong(i + 1, "its token stood before; a token is of one project, and stands once");
        }
        entries.add(entry);
      }
    }
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("no line names a token, one at least must");
    }
    return new Tokens(entries);
  }

  /** The project that a token opens; null when it opens none. */
  @Nullable String project(String token) {
    byte[] digest = digest(token);
    String project = null;
    for (Entry entry : entries) { // all of them, so that the time tells nothing
      project = MessageDigest.isEqual(entry.digest, digest) ? entry.project : project;
    }
    return project;
  }

  private static Entry entry(String line, int number) {
    String[] words = BLANKS.split(line, -1);
    if (words.length != 2) {
      throw wrong(number, "it has " + words.length + " words, must be PROJECT TOKEN");
    }
    String project;
    try {
      project = Topics.checkProject(words[0]);
    } catch (IllegalArgumentException e) {
      throw wrong(number, "its first word must be a project: 1 to 64 of a-z, 0-9 and -");
    }
    var hashed = HASHED.matcher(words[1]);
    if (hashed.matches()) {
      return new Entry(HexFormat.of().parseHex(hashed.group(1)), project);
    }
    if (!PLAIN.matcher(words[1]).matches()) {
      throw wrong(
          number,
          "its token must be 16 to 512 of letters, digits and ._~+/-, or sha256: and 64 hex digits");
    }
    return new Entry(digest(words[1]), project);
  }

  private static IllegalArgumentException wrong(int line, String problem) {
    return new IllegalArgumentException("line " + line + ": " + problem);
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
