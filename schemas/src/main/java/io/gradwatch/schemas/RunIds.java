package io.gradwatch.schemas;

import java.nio.charset.StandardCharsets;

/** What a run may be called: the rules that the pipeline holds events to, for writers. */
public final class RunIds {
  private RunIds() {}

  /**
   * The id, when it is a run's.
   *
   * @throws IllegalArgumentException when it is blank, takes more than {@link
   *     Limits#MAX_NAME_BYTES} bytes of UTF-8, or holds a control character or half of a surrogate
   *     pair
   */
  public static String check(String runId) {
    int bytes = runId.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "run id takes " + bytes + " bytes of UTF-8, must be at most " + Limits.MAX_NAME_BYTES);
    }
    if (runId.isBlank()) {
      throw new IllegalArgumentException(
          "run id is '" + runId + "', must be 1 to 256 bytes that show");
    }
    int c;
    for (int i = 0; i < runId.length(); i += Character.charCount(c)) {
      c = runId.codePointAt(i);
      if (Character.isISOControl(c)) {
        throw refused(i, "control character", c);
      }
      if (c <= Character.MAX_VALUE && Character.isSurrogate((char) c)) {
        throw refused(i, "lone surrogate", c);
      }
    }
    return runId;
  }

  private static IllegalArgumentException refused(int at, String kind, int c) {
    return new IllegalArgumentException(
        String.format("run id at %d is %s U+%04X, must be a character that shows", at, kind, c));
  }
}
