package io.gradwatch.wire;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.records.ClipMode;
import io.gradwatch.records.NormStage;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.schemas.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a TrainingEvent of this build's schema straight into the core's types: the order of the
 * calls below is the order of the fields in TrainingEvent.avsc. Not safe for use by several
 * threads.
 */
final class EventReader {
  private static final int BODIES = 8;

  /** An empty text: its length. */
  private static final int LEAST_TEXT_BYTES = 1;

  /** Generated enums declare their constants in the order of the schema's symbols. */
  private static final ClipMode[] CLIP_MODES = ClipMode.values();

  private static final NormStage[] NORM_STAGES = NormStage.values();
  private static final RunOutcome[] OUTCOMES = RunOutcome.values();

  private static final float[] NO_FLOATS = {};
  private static final long[] NO_LONGS = {};

  private final AvroReader in = new AvroReader();

  /** The event that starts at a place of the array and ends with the array. */
  RunEvent read(String project, byte[] bytes, int start) throws UndecodableException {
    in.start(bytes, start);
    String runId = EventChecks.runId(in.text("run_id", Limits.MAX_NAME_BYTES));
    int attempt = EventChecks.attempt(in.int32("attempt"));
    long step = EventChecks.step("step", in.int64("step"));
    long emittedAt = EventChecks.emittedAt(in.int64("emitted_at"));
    int rank = in.present("rank") ? EventChecks.rank(in.int32("rank")) : RunEvent.WHOLE_RUN;
    RunEvent.Body body = body(step);
    in.end();
    return new RunEvent(project, runId, attempt, step, emittedAt, rank, body);
  }

  private RunEvent.Body body(long step) throws UndecodableException {
    return switch (in.index("body", BODIES)) {
      case 0 -> throw EventChecks.noBody();
      case 1 -> started();
      case 2 -> stepCompleted();
      case 3 -> evaluation();
      case 4 -> checkpoint(step);
      case 5 -> adviceApplied();
      case 6 -> new RunEvent.Ended(EventMapper.OUTCOMES.of(symbol("outcome", OUTCOMES)));
      default -> new RunEvent.Heartbeat();
    };
  }

  private RunEvent.Started started() throws UndecodableException {
    String owner = in.text("owner", Limits.MAX_TEXT_BYTES);
    String framework = in.text("framework", Limits.MAX_TEXT_BYTES);
    List<String> layerNames = layerNames();
    int worldSize = EventChecks.worldSize(in.int32("world_size"));
    double plannedSteps =
        in.present("planned_steps")
            ? EventChecks.plannedSteps(in.int64("planned_steps"))
            : Double.NaN;
    ClipMode clipMode = symbol("clip_mode", CLIP_MODES);
    double clipThreshold = thresholdOrNone("clip_threshold");
    NormStage normStage = symbol("norm_stage", NORM_STAGES);
    boolean normScaled = in.bool("norm_scaled");
    return new RunEvent.Started(
        owner,
        framework,
        layerNames,
        worldSize,
        plannedSteps,
        EventMapper.CLIP_MODES.of(clipMode),
        clipThreshold,
        EventMapper.NORM_STAGES.of(normStage),
        normScaled,
        tags());
  }

  private List<String> layerNames() throws UndecodableException {
    List<String> names = new ArrayList<>();
    int block;
    while ((block = in.block("layer_names", LEAST_TEXT_BYTES)) > 0) {
      EventChecks.layerCount("layer_names", (long) names.size() + block);
      for (int i = 0; i < block; i++) {
        names.add(EventChecks.layerName(in.text("a layer name", Limits.MAX_NAME_BYTES)));
      }
      in.endBlock("layer_names");
    }
    return Collections.unmodifiableList(names);
  }

  private Map<String, String> tags() throws UndecodableException {
    Map<String, String> tags = Map.of();
    int block;
    int count = 0;
    while ((block = in.block("tags", 2 * LEAST_TEXT_BYTES)) > 0) {
      count += block;
      EventChecks.tagCount(count);
      tags = count == block ? new TreeMap<>() : tags;
      for (int i = 0; i < block; i++) {
        String name = in.text("the name of a tag", Limits.MAX_NAME_BYTES);
        tags.put(name, in.text("the value of a tag", Limits.MAX_TEXT_BYTES));
      }
      in.endBlock("tags");
    }
    return tags.isEmpty() ? tags : Collections.unmodifiableMap(tags);
  }

  private Observation stepCompleted() throws UndecodableException {
    Observation step = new Observation();
    scalar(step, Scalar.LOSS, "loss");
    scalar(step, Scalar.GRAD_NORM, "grad_norm");
    scalar(step, Scalar.LEARNING_RATE, "learning_rate");
    scalar(step, Scalar.CLIP_THRESHOLD, "clip_threshold");
    scalar(step, Scalar.LOSS_SCALE, "loss_scale");
    if (in.present("update_skipped")) {
      EventChecks.report(
          step, Scalar.UPDATE_SKIPPED, "update_skipped", in.bool("update_skipped") ? 1 : 0);
    }
    scalar(step, Scalar.NONFINITE_COUNT, "nonfinite_count");
    scalar(step, Scalar.BATCH_SIZE, "batch_size");
    scalar(step, Scalar.GRAD_ABS_MAX, "grad_abs_max");
    layers(step, LayerSeries.GRAD_NORM, "layer_grad_norms");
    layers(step, LayerSeries.WEIGHT_NORM, "layer_weight_norms");
    layers(step, LayerSeries.UPDATE_NORM, "layer_update_norms");
    layers(step, LayerSeries.ZERO_FRACTION, "layer_zero_fractions");
    if (in.present("histogram")) {
      step.setHistogram(histogram());
    }
    step.setMetrics(metrics());
    return EventChecks.layersAgree(step);
  }

  private void scalar(Observation step, Scalar scalar, String field) throws UndecodableException {
    if (in.present(field)) {
      EventChecks.report(step, scalar, field, in.float64(field));
    }
  }

  private void layers(Observation step, LayerSeries series, String field)
      throws UndecodableException {
    if (in.present(field)) {
      step.setLayers(series, EventChecks.layers(series, field, floats(field)));
    }
  }

  /** One block is the rule; more of them double the array, so that many small ones cost no more. */
  private float[] floats(String field) throws UndecodableException {
    float[] values = NO_FLOATS;
    int count = 0;
    int block;
    while ((block = in.block(field, Float.BYTES)) > 0) {
      int total = EventChecks.layerCount(field, (long) count + block);
      if (total > values.length) {
        values = Arrays.copyOf(values, Math.max(total, Math.min(2 * count, Limits.MAX_LAYERS)));
      }
      in.float32s(field, values, count, total);
      in.endBlock(field);
      count = total;
    }
    return count == values.length ? values : Arrays.copyOf(values, count);
  }

  private Log2Histogram histogram() throws UndecodableException {
    int minExponent = in.int32("histogram.min_exponent");
    long[] counts = NO_LONGS;
    int count = 0;
    int block;
    while ((block = in.block("histogram.counts", 1)) > 0) {
      int total = EventChecks.bucketCount((long) count + block);
      counts = Arrays.copyOf(counts, total);
      while (count < total) {
        counts[count++] = in.int64("histogram.counts");
      }
      in.endBlock("histogram.counts");
    }
    return EventChecks.histogram(
        minExponent, counts, in.int64("histogram.zeros"), in.int64("histogram.nonfinite"));
  }

  private Map<String, Double> metrics() throws UndecodableException {
    Map<String, Double> metrics = Map.of();
    int block;
    int count = 0;
    while ((block = in.block("metrics", LEAST_TEXT_BYTES + Double.BYTES)) > 0) {
      count += block;
      EventChecks.metricCount(count);
      metrics = count == block ? new TreeMap<>() : metrics;
      for (int i = 0; i < block; i++) {
        String name = in.text("the name of a metric", Limits.MAX_NAME_BYTES);
        metrics.put(name, EventChecks.number(in.float64("a metric")));
      }
      in.endBlock("metrics");
    }
    return metrics.isEmpty() ? metrics : Collections.unmodifiableMap(metrics);
  }

  private RunEvent.EvaluationCompleted evaluation() throws UndecodableException {
    Double loss = in.present("loss") ? (Double) EventChecks.number(in.float64("loss")) : null;
    return new RunEvent.EvaluationCompleted(loss, metrics());
  }

  private RunEvent.CheckpointSaved checkpoint(long step) throws UndecodableException {
    String uri = in.text("uri", Limits.MAX_URI_BYTES);
    boolean told = in.present("checkpoint_step");
    return new RunEvent.CheckpointSaved(
        uri, told ? EventChecks.step("checkpoint_step", in.int64("checkpoint_step")) : step);
  }

  private RunEvent.AdviceApplied adviceApplied() throws UndecodableException {
    double advised = thresholdOrNone("advised");
    double applied = thresholdOrNone("applied");
    boolean told = in.present("made_at_step");
    return new RunEvent.AdviceApplied(
        advised,
        applied,
        told ? EventChecks.step("made_at_step", in.int64("made_at_step")) : EventChecks.NO_STEP);
  }

  private double thresholdOrNone(String field) throws UndecodableException {
    return in.present(field) ? EventChecks.positiveOrNone(in.float64(field)) : Double.NaN;
  }

  private <E extends Enum<E>> E symbol(String field, E[] symbols) throws UndecodableException {
    return symbols[in.index(field, symbols.length)];
  }
}
