package io.gradwatch.traces;

import io.gradwatch.schemas.Limits;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a row of named values, as logs of other tools have them. Of several names of one field the
 * best counts, the others are series of their own. What is beyond the bounds of the wire contract
 * (more series than an event may have, names that are too long or do not show) is passed over.
 */
public final class RowBuilder {
  private record Said(String name, double value) {}

  private final FieldNames names;
  private final Map<Field, Said> fields = new EnumMap<>(Field.class);
  private final Map<String, Double> metrics = new LinkedHashMap<>();

  public RowBuilder(FieldNames names) {
    this.names = names;
  }

  /**
   * Takes a value; of one name the last counts.
   *
   * @return what the name's field allows, when it does not allow this value; else null
   */
  public @Nullable String put(String name, double value) {
    Field field = names.field(name);
    if (field == null || field.isText()) {
      metrics.put(name, value);
      return null;
    }
    Said before = fields.get(field);
    if (before != null && !before.name().equals(name) && names.prefers(before.name(), name)) {
      metrics.put(name, value);
      return null;
    }
    String objection = field.objection(value);
    if (objection != null) {
      return objection;
    }
    if (before != null && !before.name().equals(name)) {
      metrics.put(before.name(), before.value());
    }
    fields.put(field, new Said(name, value));
    return null;
  }

  /** Puts what was said into the row. */
  public void addTo(TraceRow row) {
    fields.forEach((field, said) -> row.set(field, said.value()));
    metrics.forEach((name, value) -> addMetric(row, name, value));
  }

  /** Puts what was said of an evaluation into the row, and nothing else. */
  public void addEvaluationTo(TraceRow row) {
    Said loss = fields.get(Field.EVAL_LOSS);
    if (loss != null) {
      row.set(Field.EVAL_LOSS, loss.value());
    }
    metrics.forEach(
        (name, value) -> {
          if (isOfEvaluation(name)) {
            addMetric(row, name, value);
          }
        });
  }

  /** Whether a series is one of an evaluation, by its name. */
  public static boolean isOfEvaluation(String name) {
    return TraceRow.isOfEvaluation(name);
  }

  private static void addMetric(TraceRow row, String name, double value) {
    if (row.metrics() < Limits.MAX_METRICS
        && !name.isBlank()
        && name.getBytes(StandardCharsets.UTF_8).length <= Limits.MAX_NAME_BYTES
        && name.codePoints().noneMatch(RowBuilder::doesNotShow)) {
      row.metric(name, value);
      row.scaledNorm |= name.equals(Field.UNSCALED_NORM);
    }
  }

  private static boolean doesNotShow(int c) {
    return Character.isISOControl(c)
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
