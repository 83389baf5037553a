package io.gradwatch.core.alarm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Identity of an alarm: the same episode has the same id wherever it is computed. */
public final class AlarmId {
  private static final int BYTES = 16;

  private AlarmId() {}

  /**
   * First 128 bits of SHA-256 over the parts, each ended by a zero byte (which no name may hold),
   * as 32 hexadecimal digits.
   */
  public static String of(
      String project, String runId, int attempt, AlarmKind kind, long openedStep) {
    return hash(project, runId, Integer.toString(attempt), kind.name(), Long.toString(openedStep));
  }

  /** An identity made of any parts, none of which holds a zero byte. */
  public static String hash(String... parts) {
    byte[] text = (String.join("\0", parts) + "\0").getBytes(StandardCharsets.UTF_8);
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
