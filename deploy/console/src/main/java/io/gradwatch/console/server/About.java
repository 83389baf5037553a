package io.gradwatch.console.server;

/**
 * What the pages say of themselves.
 *
 * @param version of this console
 * @param runbookUrl where people read what to do about alarms, in which {@code {kind}} stands for
 *     the kind, such as {@code exploding-gradient}; blank: nowhere
 */
public record About(String version, String runbookUrl) {
  /**
   * Checks the address.
   *
   * @throws IllegalArgumentException when it is neither blank nor of http or https, with at most
   *     500 characters
   */
  public About {
    if (!runbookUrl.isEmpty() && !runbookUrl.matches("https?://[^\\s<>\"]{1,500}")) {
      throw new IllegalArgumentException(
          "the runbook is '%s', must be an address that begins with http:// or https://, of at most 500 characters"
              .formatted(runbookUrl));
    }
  }

  /** Without a runbook. */
  public static About version(String version) {
    return new About(version, "");
  }
}
