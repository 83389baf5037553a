package io.gradwatch.wire;

import static io.gradwatch.wire.UndecodableException.refused;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.schemas.Limits;
import io.gradwatch.wire.UndecodableException.Reason;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an event must be, and what becomes of values that are legal on the wire but mean nothing.
 * Both ways into the core (bytes by hand, records) pass through these methods and no others, so
 * that they cannot disagree. The module's README has the rules as a table.
 */
final class EventChecks {
  /**
   * Where the count of one unit since 1970 ends and the next begins: as seconds, milliseconds and
   * microseconds each is a time of 1973, and a thousand times it one of the year 5138. Below the
   * least there are only clocks that did not start in 1970, taken as they are.
   */
  private static final long LEAST_SECONDS = 100_000_000L;

  private static final long LEAST_MILLISECONDS = 1_000 * LEAST_SECONDS;
  private static final long LEAST_MICROSECONDS = 1_000 * LEAST_MILLISECONDS;
  private static final long LEAST_NANOSECONDS = 1_000 * LEAST_MICROSECONDS;

  /**
   * What FSDP, torch.compile and activation checkpointing put into the names of the layers they
   * wrap: without it a layer has one name whatever it is wrapped in.
   */
  private static final Pattern WRAPPERS =
      Pattern.compile("(?<![^.])(?:_fsdp_wrapped_module|_orig_mod|_checkpoint_wrapped_module)\\.");

  /** The step of something that was not told. */
  static final long NO_STEP = -1;

  private static final LayerSeries[] LAYER_SERIES = LayerSeries.values();
  private static final String STEPS = "0 to 2^53";

  private EventChecks() {}

  static String runId(String value) throws UndecodableException {
    if (value.isBlank()) {
      throw refused(Reason.INVALID_RUN_ID, "run_id", "blank", "1 to 256 bytes that show");
    }
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        throw refused(
            Reason.INVALID_RUN_ID,
            "run_id at " + i,
            String.format("control character U+%04X", (int) value.charAt(i)),
            "a character that shows");
      }
    }
    return value;
  }

  static int attempt(int value) throws UndecodableException {
    if (value < 0) {
      throw refused(Reason.INVALID_ATTEMPT, "attempt", value, "at least 0");
    }
    return value;
  }

  static long step(String field, long value) throws UndecodableException {
    if (value < 0 || value > Limits.MAX_STEP) {
      throw refused(Reason.INVALID_STEP, field, value, STEPS);
    }
    return value;
  }

  /** A time in milliseconds, whichever of the usual units it was told in; 0 when below 0. */
  static long emittedAt(long value) {
    if (value < LEAST_SECONDS) {
      return Math.max(value, 0);
    }
    if (value < LEAST_MILLISECONDS) {
      return 1_000 * value;
    }
    if (value < LEAST_MICROSECONDS) {
      return value;
    }
    return value / (value < LEAST_NANOSECONDS ? 1_000 : 1_000_000);
  }

  /** The name of a layer without what wraps it. */
  static String layerName(String name) {
    return name.startsWith("_") || name.contains("._")
        ? WRAPPERS.matcher(name).replaceAll("")
        : name;
  }

  static int rank(int value) throws UndecodableException {
    if (value < 0 || value > Limits.MAX_RANK) {
      throw refused(Reason.INVALID_RANK, "rank", value, "0 to " + Limits.MAX_RANK + ", or null");
    }
    return value;
  }

  static int worldSize(int value) throws UndecodableException {
    if (value < 1 || value > Limits.MAX_RANK + 1) {
      throw refused(
          Reason.INVALID_WORLD_SIZE, "world_size", value, "1 to " + (Limits.MAX_RANK + 1));
    }
    return value;
  }

  /** Steps a run means to take; NaN (not told) when it cannot be. */
  static double plannedSteps(long value) {
    return value > 0 && value <= Limits.MAX_STEP ? value : Double.NaN;
  }

  /** The value with one NaN and one zero. */
  static double number(double value) {
    return Double.isNaN(value) ? Double.NaN : value + 0.0;
  }

  /** The value with one NaN and one zero. */
  static float number(float value) {
    return Float.isNaN(value) ? Float.NaN : value + 0.0f;
  }

  /** A norm or a largest absolute value: at least 0, NaN or infinite. */
  static double norm(String field, double value) throws UndecodableException {
    if (value < 0) {
      throw refused(Reason.NEGATIVE_VALUE, field, value, "at least 0, or NaN");
    }
    return number(value);
  }

  /**
   * A number above 0; NaN (not told) for any other, because trainers write 0, -1 or inf for "none".
   */
  static double positiveOrNone(double value) {
    return value > 0 && value < Double.POSITIVE_INFINITY ? value : Double.NaN;
  }

  /** Reports a scalar of a step as its rule says. */
  static void report(Observation target, Scalar scalar, String field, double value)
      throws UndecodableException {
    switch (scalar) {
      case LOSS -> target.set(scalar, number(value));
      case GRAD_NORM, GRAD_ABS_MAX -> target.set(scalar, norm(field, value));
      case NONFINITE_COUNT -> {
        if (value < 0) {
          throw refused(Reason.NEGATIVE_VALUE, field, value, "at least 0");
        }
        reportIf(value < Double.POSITIVE_INFINITY, target, scalar, value);
      }
      case LEARNING_RATE ->
          reportIf(value >= 0 && value < Double.POSITIVE_INFINITY, target, scalar, value);
      case CLIP_THRESHOLD, LOSS_SCALE, BATCH_SIZE ->
          reportIf(value > 0 && value < Double.POSITIVE_INFINITY, target, scalar, value);
      case UPDATE_SKIPPED -> target.set(scalar, value);
    }
  }

  private static void reportIf(boolean means, Observation target, Scalar scalar, double value) {
    if (means) {
      target.set(scalar, number(value));
    }
  }

  static int layerCount(String field, long count) throws UndecodableException {
    if (count > Limits.MAX_LAYERS) {
      throw refused(Reason.TOO_MANY_LAYERS, field, count + " long", "at most " + Limits.MAX_LAYERS);
    }
    return (int) count;
  }

  /**
   * Checks and canonicalises the values of a layer series in place; an empty one is not reported.
   */
  static float @Nullable [] layers(LayerSeries series, String field, float[] values)
      throws UndecodableException {
    if (values.length == 0) {
      return null;
    }
    float top = series == LayerSeries.ZERO_FRACTION ? 1 : Float.POSITIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      float value = values[i];
      if (value < 0 || value > top) {
        throw refused(
            top == 1 ? Reason.INVALID_FRACTION : Reason.NEGATIVE_VALUE,
            field + "[" + i + "]",
            value,
            top == 1 ? "0 to 1, or NaN" : "at least 0, or NaN");
      }
      values[i] = number(value);
    }
    return values;
  }

  /** The layer series of one step are aligned with the same layers, so they have one length. */
  static Observation layersAgree(Observation observation) throws UndecodableException {
    int length = -1;
    for (LayerSeries series : LAYER_SERIES) {
      float[] values = observation.layers(series);
      if (values == null) {
        continue;
      }
      if (length >= 0 && values.length != length) {
        throw refused(
            Reason.LAYERS_DISAGREE,
            "length of the layer series " + series,
            values.length,
            length + " as of the series before");
      }
      length = values.length;
    }
    return observation;
  }

  static void metricCount(long count) throws UndecodableException {
    if (count > Limits.MAX_METRICS) {
      throw refused(Reason.TOO_MANY_METRICS, "metrics", count + " long", "at most 256");
    }
  }

  static void tagCount(long count) throws UndecodableException {
    if (count > Limits.MAX_TAGS) {
      throw refused(Reason.TOO_MANY_TAGS, "tags", count + " long", "at most 256");
    }
  }

  static void textBytes(String field, long bytes, int most) throws UndecodableException {
    if (bytes > most) {
      throw refused(Reason.TEXT_TOO_LONG, field, bytes + " bytes long", "at most " + most);
    }
  }

  static int bucketCount(long count) throws UndecodableException {
    if (count > Limits.MAX_HISTOGRAM_BUCKETS) {
      throw refused(Reason.INVALID_HISTOGRAM, "histogram.counts", count + " long", "at most 256");
    }
    return (int) count;
  }

  static Log2Histogram histogram(int minExponent, long[] counts, long zeros, long nonfinite)
      throws UndecodableException {
    if (Math.abs((long) minExponent) > Limits.MAX_HISTOGRAM_EXPONENT) {
      throw refused(
          Reason.INVALID_HISTOGRAM, "histogram.min_exponent", minExponent, "-1100 to 1100");
    }
    for (int i = 0; i < counts.length; i++) {
      componentCount("histogram.counts[", i, counts[i]);
    }
    componentCount("histogram.zeros", -1, zeros);
    componentCount("histogram.nonfinite", -1, nonfinite);
    return new Log2Histogram(minExponent, counts, zeros, nonfinite);
  }

  private static void componentCount(String field, int index, long value)
      throws UndecodableException {
    if (value < 0) {
      String name = index < 0 ? field : field + index + "]";
      throw refused(Reason.INVALID_HISTOGRAM, name, value, "at least 0");
    }
  }

  static UndecodableException noBody() {
    return refused(Reason.NO_BODY, "body", "null", "one of the bodies");
  }
}
