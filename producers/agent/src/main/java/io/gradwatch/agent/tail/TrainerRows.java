package io.gradwatch.agent.tail;

import io.gradwatch.traces.Field;
import io.gradwatch.traces.TraceRow;

/** What Transformers' trainer means by its rows. */
final class TrainerRows {
  /** Stands in the row with which a training that ran to its end is summed up, and nowhere else. */
  private static final String SUMMARY = "train_runtime";

  private TrainerRows() {}

  /** The row; a summary is the end of the run, its mean loss that of no step. */
  static TraceRow judged(TraceRow row) {
    if (row.metric(SUMMARY) == null) {
      return row;
    }
    TraceRow end = new TraceRow();
    if (row.says(Field.STEP)) {
      end.set(Field.STEP, row.stepNumber());
    }
    end.set(Field.EVENT, "completed");
    return end;
  }
}
