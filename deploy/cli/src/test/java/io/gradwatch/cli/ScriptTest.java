package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the script must not say, seen in its text: the shell that would mind is rarely at hand. */
class ScriptTest {
  private static final Pattern EMPTY_ARRAY = Pattern.compile("(?m)^ *([a-z_]+)=\\(\\)");

  @Test
  void expandsAnArrayThatMayBeEmptySoThatABashBefore44TakesIt() throws IOException {
    String script = Files.readString(Path.of("../bin/gradwatch"));

    assertThat(EMPTY_ARRAY.matcher(script).results().map(array -> array.group(1)))
        .isNotEmpty()
        .allSatisfy(
            name -> {
              String bare = "\"${" + name + "[@]}\"";
              String guarded = "${" + name + "[@]+" + bare + "}";
              assertThat(script).contains(guarded);
              assertThat(script.replace(guarded, "")).doesNotContain(bare);
            });
  }
}
