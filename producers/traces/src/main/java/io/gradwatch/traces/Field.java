package io.gradwatch.traces;

import io.gradwatch.schemas.Limits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the named columns of a CSV recording (the fields of a JSON line) say, with every name they
 * go by.
 */
public enum Field {
  /** Optimizer step; the only one that must be there. */
  STEP("step"),
  ATTEMPT("attempt"),
  RANK("rank"),
  EMITTED_AT("emitted_at"),
  LOSS("loss"),
  GRAD_NORM("grad_norm"),
  /** 1: the gradient norm of this row is an older one, repeated. */
  GRAD_NORM_STALE("grad_norm_stale"),
  LEARNING_RATE("learning_rate"),
  CLIP_THRESHOLD("clip_threshold"),
  LOSS_SCALE("loss_scale"),
  SKIPPED("skipped", "update_skipped"),
  /** Updates skipped since the row before. */
  SKIPPED_ITERATIONS("skipped_iterations"),
  NONFINITE_COUNT("nonfinite_grads", "nonfinite_count"),
  /** Iterations with a NaN loss since the row before. */
  NAN_ITERATIONS("nan_iterations"),
  BATCH_SIZE("batch_size", "global_batch_size"),
  GRAD_ABS_MAX("grad_abs_max"),
  EVAL_LOSS("eval_loss", "val_loss"),
  /** A word: see {@link RowEvent}. */
  EVENT("event"),
  /** Run id inside the file; the same in every row. */
  RUN("run", "run_id"),
  /** Named for other tools, never read: the project is the topic. */
  IGNORED("project");

  /** A series of any other name that shows that norms are multiplied by the loss scale. */
  static final String UNSCALED_NORM = "grad_norm_over_loss_scale";

  private static final Map<String, Field> BY_NAME = new HashMap<>();

  static {
    for (Field field : values()) {
      BY_NAME.put(field.columnName, field);
      if (field.otherName != null) {
        BY_NAME.put(field.otherName, field);
      }
    }
  }

  private final String columnName;
  private final @Nullable String otherName;

  Field(String columnName) {
    this(columnName, null);
  }

  Field(String columnName, @Nullable String otherName) {
    this.columnName = columnName;
    this.otherName = otherName;
  }

  /** The field of a column; null when the column is a series of any other name. */
  static @Nullable Field named(String column) {
    return BY_NAME.get(column);
  }

  /** The names it goes by in a recording, the first first. */
  List<String> names() {
    return otherName == null ? List.of(columnName) : List.of(columnName, otherName);
  }

  /** The names of all fields, for a message. */
  static String allNames() {
    return Arrays.stream(values())
        .filter(field -> field != IGNORED)
        .map(field -> field.columnName)
        .collect(Collectors.joining(", "));
  }

  /** True for the columns that hold words. */
  public boolean isText() {
    return this == EVENT || this == RUN || this == IGNORED;
  }

  /** What the field allows when it does not allow this value, else null. */
  public @Nullable String objection(double value) {
    return switch (this) {
      case STEP -> integer(value, Limits.MAX_STEP) ? null : "an integer from 0 to 2^53";
      case EMITTED_AT ->
          integer(value, Limits.MAX_STEP) ? null : "milliseconds since 1970, 0 to 2^53, or nothing";
      case ATTEMPT ->
          integer(value, Integer.MAX_VALUE) ? null : "an integer from 0 to 2147483647 or nothing";
      case RANK ->
          integer(value, Limits.MAX_RANK) ? null : "an integer from 0 to 1048575 or nothing";
      case GRAD_NORM_STALE -> value == 0 || value == 1 ? null : "0, 1 or nothing";
      case SKIPPED, SKIPPED_ITERATIONS, NAN_ITERATIONS, NONFINITE_COUNT ->
          value >= 0 ? null : "a count of at least 0 or nothing";
      default -> null;
    };
  }

  private static boolean integer(double value, double largest) {
    return value >= 0 && value <= largest && value == Math.rint(value);
  }
}
