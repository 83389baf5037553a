package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineInputTest {

  @Test
  void handsOutEveryLineAlsoEmptyOnesAndALastOneWithoutItsEnd() throws IOException {
    assertThat(lines("a\n\nÄ b\nlast")).containsExactly("a", "", "Ä b", "last");
  }

  @Test
  void endsWithTheLastLineEnd() throws IOException {
    assertThat(lines("a\n")).containsExactly("a");
    assertThat(lines("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1})
  void readsPastALineOverTheLimit(int over) throws IOException {
    String text = "x".repeat(LineInput.MAX_BYTES + over);
    LineInput in = input(text + "\nafter\n");

    String line = in.next();

    assertThat(in.tooLong()).isEqualTo(over > 0);
    assertThat(line).isEqualTo(over > 0 ? "" : text);
    assertThat(in.next()).isEqualTo("after");
    assertThat(in.tooLong()).isFalse();
    assertThat(in.next()).isNull();
  }

  @Test
  void tellsALastLineThatIsTooLong() throws IOException {
    LineInput in = input("x".repeat(LineInput.MAX_BYTES + 1));

    assertThat(in.next()).isEmpty();
    assertThat(in.tooLong()).isTrue();
    assertThat(in.next()).isNull();
  }

  private static List<String> lines(String text) throws IOException {
    LineInput in = input(text);
    List<String> lines = new ArrayList<>();
    for (String line = in.next(); line != null; line = in.next()) {
      lines.add(line);
    }
    return lines;
  }

  private static LineInput input(String text) {
    return new LineInput(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
