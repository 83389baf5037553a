package io.gradwatch.cli.kafka;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** SHA-256 over parts, each with its length, so that no two lists of parts look alike. */
final class ContentDigest {
  private static final int ABSENT = -1;

  private final MessageDigest digest;

  ContentDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  /** Takes a part; one that is absent differs from an empty one. */
  ContentDigest add(byte @Nullable [] part) {
    int length = part == null ? ABSENT : part.length;
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    if (part != null) {
      digest.update(part);
    }
    return this;
  }

  /** The digest of all parts; nothing may be added after it. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
