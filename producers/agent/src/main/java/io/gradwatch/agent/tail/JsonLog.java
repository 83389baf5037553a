package io.gradwatch.agent.tail;

import io.gradwatch.traces.Field;
import io.gradwatch.traces.FieldNames;
import io.gradwatch.traces.JsonLine;
import io.gradwatch.traces.TraceFormatException;
import io.gradwatch.traces.TraceRow;
import java.util.function.Consumer;

/**
 * Objects among other text: JSON, or Python dicts as Transformers' trainer prints them. A line
 * without either is passed over.
 */
final class JsonLog implements LineFormat {
  private final FieldNames names;
  private final CountedSteps steps;

  /**
   * @param logEvery steps between two lines of a log that tells no steps
   */
  JsonLog(FieldNames names, long logEvery) {
    this.names = names;
    this.steps = new CountedSteps(logEvery);
  }

  @Override
  public void read(String text, String source, long number, Consumer<TraceRow> out)
      throws TraceFormatException {
    int json = begin(text, "{\"");
    int python = begin(text, "{'");
    int from = Math.min(json, python);
    if (from == Integer.MAX_VALUE) {
      return;
    }
    String object = text.substring(from, Math.max(from, text.lastIndexOf('}')) + 1);
    if (python < json) {
      TraceRow row = JsonLine.read(PythonLiteral.toJson(object), source, number, names, false);
      if (speaksOfTraining(row)) {
        out.accept(TrainerRows.judged(withStep(row)));
      }
    } else {
      out.accept(TrainerRows.judged(JsonLine.read(object, source, number, names, true)));
    }
  }

  @Override
  public boolean isWhole(String text) {
    return text.stripTrailing().endsWith("}");
  }

  @Override
  public String memory() {
    return steps.memory();
  }

  @Override
  public void recall(String memory, String source) {
    steps.recall(memory);
  }

  /** Programs print other dicts as well. */
  private static boolean speaksOfTraining(TraceRow row) {
    return row.says(Field.LOSS)
        || row.says(Field.GRAD_NORM)
        || row.says(Field.LEARNING_RATE)
        || row.hasEvaluation()
        || row.metric("train_runtime") != null;
  }

  private TraceRow withStep(TraceRow row) {
    if (!row.says(Field.STEP)) {
      boolean counts = row.hasStep() && row.metric("train_runtime") == null;
      row.set(Field.STEP, counts ? steps.next(row.metric("epoch")) : steps.newest());
    }
    return row;
  }

  private static int begin(String text, String opening) {
    int at = text.indexOf(opening);
    return at < 0 ? Integer.MAX_VALUE : at;
  }
}
