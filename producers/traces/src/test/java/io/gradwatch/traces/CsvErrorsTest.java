package io.gradwatch.traces;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gradwatch.schemas.Limits;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "step,loss;1,abc | line 2: column 'loss': found 'abc'; allowed: a number, NaN, Infinity, -Infinity or nothing",
        "step,loss;1,2;2,1.2.3 | line 3: column 'loss': found '1.2.3'; allowed: a number, NaN, Infinity, -Infinity or nothing",
        "step,loss;,2 | line 2: column 'step': found ''; allowed: an integer from 0 to 2^53",
        "step,loss;-1,2 | line 2: column 'step': found '-1'; allowed: an integer from 0 to 2^53",
        "step,loss;1.5,2 | line 2: column 'step': found '1.5'; allowed: an integer from 0 to 2^53",
        "step,loss;NaN,2 | line 2: column 'step': found 'NaN'; allowed: an integer from 0 to 2^53",
        "step,loss;9007199254740994,2 | line 2: column 'step': found '9007199254740994'; allowed: an integer from 0 to 2^53",
        "step,attempt;1,-1 | line 2: column 'attempt': found '-1'; allowed: an integer from 0 to 2147483647 or nothing",
        "step,rank;1,1048576 | line 2: column 'rank': found '1048576'; allowed: an integer from 0 to 1048575 or nothing",
        "step,emitted_at;1,yesterday | line 2: column 'emitted_at': found 'yesterday'; allowed: a number, NaN, Infinity, -Infinity or nothing",
        "step,grad_norm_stale;1,2 | line 2: column 'grad_norm_stale': found '2'; allowed: 0, 1 or nothing",
        "step,skipped;1,-1 | line 2: column 'skipped': found '-1'; allowed: a count of at least 0 or nothing",
        "step,acc;1,0.5;2,high | line 3: column 'acc': found 'high'; allowed: a number, NaN, Infinity, -Infinity or nothing",
        "step,grad_norm/a;1,x | line 2: column 'grad_norm/a': found 'x'; allowed: a number, NaN, Infinity, -Infinity or nothing",
        "step,loss;1,2,3 | line 2: found 3 cells; allowed: 2, as many as the header has",
        "step,loss;1;2,3 | line 2: found 1 cells; allowed: 2, as many as the header has",
        "step,loss,loss;1,2,3 | line 1: column 'loss' stands twice, as column 2 and column 3",
        "step,val_loss,eval_loss;1,2,3 | line 1: columns 'val_loss' and 'eval_loss' mean the same: keep one",
        "loss,grad_norm;1,2 | line 1: no column 'step'; found loss,grad_norm",
        "step,grad_norm/;1,2 | line 1: column 'grad_norm/' names no layer",
        "step,grad_norm/a,grad_norm/b,weight_norm/a;1,2,3,4 | line 1: no column 'weight_norm/b': every layer series names the same layers",
        "step,\"loss;1,2 | line 1: a quoted cell is not closed",
        "step,loss;1,\"2\"x | line 2: cell 2: found 'x' after the closing quote; allowed: a comma or the line's end",
        "step,run;1,a;2,b | line 3: column 'run': found 'b'; allowed: 'a' as before: a file holds one run",
        "'' | empty; allowed: a header line with a column 'step', then rows"
      })
  void sayWhereWhatAndWhatIsAllowed(String text, String message) {
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> TraceFiles.csv(text.replace(';', '\n') + (text.isEmpty() ? "" : "\n")))
        .withMessage("run.csv: " + message);
  }

  @Test
  void keepControlCharactersOutOfTheMessageAndItShort() {
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> TraceFiles.csv("step,loss\n1,\u001b[31m" + "x".repeat(10_000) + "\n"))
        .withMessageContaining("found '\uFFFD[31mxxx")
        .withMessageMatching("(?s).{0,250}");
  }

  @Test
  void refuseALineThatNeverEnds() {
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> TraceFiles.csv("step,loss\n1," + "2".repeat(CsvCells.LONGEST_ROW)))
        .withMessageContaining("line 2: longer than 8388608 characters");
  }

  @Test
  void refuseMoreSeriesThanAnEventMayCarry() {
    String names =
        IntStream.rangeClosed(0, Limits.MAX_METRICS)
            .mapToObj(i -> "m" + i)
            .collect(Collectors.joining(","));

    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> TraceFiles.csv("step," + names + "\n"))
        .withMessage("run.csv: line 1: more than 256 series of other names");
  }

  @Test
  void refuseNamesLongerThanAnEventMayCarry() {
    assertThatExceptionOfType(TraceFormatException.class)
        .isThrownBy(() -> TraceFiles.csv("step,grad_norm/" + "x".repeat(257) + "\n"))
        .withMessageEndingWith("has a name longer than 256 bytes");
  }
}
