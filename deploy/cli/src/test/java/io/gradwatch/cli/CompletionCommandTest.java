package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "gradwatch sil, silence",
    "gradwatch silence re, remove",
    "gradwatch policy va, validate",
    "gradwatch schemas reg, register",
    "gradwatch status --outp, --output",
    "gradwatch completion z, zsh",
    "gradwatch status --output j, json",
    "gradwatch judge 00a1 too, too-late"
  })
  void bashCompletesCommandsAndOptions(String words, String completed)
      throws IOException, InterruptedException {
    Path script = folder.resolve("completion");
    Files.writeString(script, CommandRun.of("completion", "bash").out());

    Process bash =
        new ProcessBuilder(
                "bash",
                "--norc",
                "-c",
                """
                set -e
                source "$1"
                compopt() { :; }
                read -ra COMP_WORDS <<<"$2"
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                COMP_LINE=$2 COMP_POINT=${#2}
                _complete_gradwatch
                printf '%s\\n' "${COMPREPLY[@]}"
                """,
                "bash",
                script.toString(),
                words)
            .redirectErrorStream(true)
            .start();
    String answer =
        new String(bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

    assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(answer.strip().lines().map(String::strip)).contains(completed);
  }

  @Test
  void zshIsToldToRunIt() {
    assertThat(CommandRun.of("completion", "zsh").out())
        .startsWith("autoload -U +X bashcompinit && bashcompinit\n")
        .contains("_complete_gradwatch");
    assertThat(CommandRun.of("completion", "fish").code()).isEqualTo(2);
  }
}
