package io.gradwatch.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {
  /** As {@code printf %s 0123456789abcdef | sha256sum} has it. */
  private static final String DIGEST =
      "9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f";

  @Test
  void openTheProjectOfTheirLine() {
    Tokens tokens =
        Tokens.parse(
            List.of(
                "# teams",
                "",
                "vision   0123456789abcdef",
                " speech\tABCDEFGHIJKLMNOP== ",
                "vision another-token-of-it"));

    assertThat(tokens.project("0123456789abcdef")).isEqualTo("vision");
    assertThat(tokens.project("another-token-of-it")).isEqualTo("vision");
    assertThat(tokens.project("ABCDEFGHIJKLMNOP==")).isEqualTo("speech");
    assertThat(tokens.project("0123456789abcdeF")).isNull();
    assertThat(tokens.project("0123456789abcdef ")).isNull();
    assertThat(tokens.project("")).isNull();
  }

  @Test
  void mayBeGivenAsTheirDigests() {
    Tokens tokens = Tokens.parse(List.of("vision sha256:" + DIGEST));

    assertThat(tokens.project("0123456789abcdef")).isEqualTo("vision");
    assertThat(tokens.project("sha256:" + DIGEST)).as("who reads the file has no token").isNull();
  }

  @Test
  void areRefusedByLineWithoutBeingTold() {
    refused("line 1: its token must be 16 to 512 of", "vision short-secret");
    refused("line 2: it has 1 words, must be PROJECT TOKEN", "#", "0123456789abcdef");
    refused("line 1: its first word must be a project", "Vision 0123456789abcdef");
    refused("line 1: it has 3 words", "vision 0123456789abcdef x");
    refused("line 1: its token must be 16 to 512 of", "vision sha256:" + DIGEST.substring(1));
    refused("no line names a token", "# none");
    refused(
        "line 2: its token stood before",
        "vision 0123456789abcdef",
        "speech sha256:" + DIGEST.toUpperCase(java.util.Locale.ROOT));
  }

  private static void refused(String because, String... lines) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tokens.parse(List.of(lines)))
        .withMessageStartingWith(because)
        .satisfies(
            e ->
                assertThat(e.getMessage()).doesNotContain("secret", "abcdef", DIGEST.substring(9)));
  }
}
