package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonLiteralTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'loss': 2.5}|{\"loss\": 2.5}",
        "{'lr': 5e-05, 'x': 1.E+3}|{\"lr\": 5e-05, \"x\": 1.E+3}",
        "{'a': nan, 'b': -inf, 'c': None}|{\"a\": NaN, \"b\": -Infinity, \"c\": null}",
        "{'a': True, 'b': False}|{\"a\": true, \"b\": false}",
        "{'a': np.float64(0.5), 'b': 1}|{\"a\": 0.5, \"b\": 1}",
        "{'a': tensor(2.5, device='cuda:0'), 'b': 1}|{\"a\": 2.5, \"b\": 1}",
        "{'it\\'s': \"say \\\"x\\\"\"}|{\"it's\": \"say \\\"x\\\"\"}",
        "{'say \"x\"': (1, 2)}|{\"say \\\"x\\\"\": [1, 2]}"
      })
  void writesWhatPythonPrintsAsJson(String python, String json) {
    assertThat(PythonLiteral.toJson(python)).isEqualTo(json);
  }

  @Test
  void endsWithWhateverIsTorn() {
    String text = "{'a': np.float64(0.5, 'b': \"x\\";
    for (int end = 0; end <= text.length(); end++) {
      assertThat(PythonLiteral.toJson(text.substring(0, end))).isNotNull();
    }
  }
}
