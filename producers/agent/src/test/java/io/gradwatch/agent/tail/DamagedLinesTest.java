package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.traces.FieldNames;
import io.gradwatch.traces.TraceFormatException;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines that are damaged anyhow are understood or refused, and nothing else happens. */
class DamagedLinesTest {
  private static final List<String> LINES =
      List.of(
          "step,loss,grad_norm/a,grad_norm/b,\"quoted \"\"x\"\"\"",
          "1,2.5,0.5,,\"a, b\"",
          "{\"step\": 1, \"loss\": 2.5, \"layer_names\": [\"a\"], \"layer_grad_norms\": [1], \"x\": {\"y\": []}}",
          "{'loss': 2.3, 'grad_norm': np.float64(1.2), 'learning_rate': 5e-05, 'epoch': 0.1}",
          " iteration       10/  292968 | lm loss: 1.3E+01 | grad norm: 42.627 | number of skipped"
              + " iterations:   0 |",
          " validation loss at iteration 1000 | lm loss value: 3.2E+00 | lm loss PPL: 2.4E+01 |",
          "[Rank 0] step=10, skipped=0, lr=[5e-05], mom=[[0.9, 0.999]]",
          "  successfully saved checkpoint at iteration    1000 to /x");

  @SuppressWarnings("unused") // @MethodSource
  private static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void areUnderstoodOrRefused(long seed) throws Exception {
    Random random = new Random(seed);
    FieldNames names = FieldNames.common();
    List<Supplier<LineFormat>> formats =
        List.of(() -> new JsonLog(names, 1), () -> new CsvLog(names), () -> new MegatronLog(names));
    for (Supplier<LineFormat> kind : formats) {
      LineFormat format = kind.get();
      for (int i = 0; i < 40; i++) {
        String line = damaged(LINES.get(random.nextInt(LINES.size())), random);
        try {
          format.read(line, "log", i + 1, row -> assertThat(row.stepNumber()).isNotNegative());
        } catch (TraceFormatException e) {
          assertThat(e).hasMessageStartingWith("log: line ");
        }
        assertThat(format.isWhole(line)).isIn(true, false);
        if (!format.memory().isEmpty()) {
          String memory = format.memory();
          format.recall(memory, "log");
          assertThat(format.memory()).isEqualTo(memory);
        }
      }
    }
  }

  private static String damaged(String line, Random random) {
    StringBuilder text = new StringBuilder(line);
    for (int i = random.nextInt(6); i > 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 ->
            text.insert(at, "{}[]\"',:|=()\\-9e.\u0000\uD800\u0661".charAt(random.nextInt(20)));
        case 2 -> text.setLength(at);
        default -> text.append(line, at % line.length(), line.length());
      }
    }
    return text.toString();
  }
}
