package io.gradwatch.wire;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.ClipMode;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.NormStage;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Limits;
import io.gradwatch.wire.UndecodableException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.PrimitivesArrays.FloatArray;
import org.jspecify.annotations.Nullable;

/**
 * Event records as events of the core, with the checks and the normalisation that {@link
 * EventDecoder} applies to bytes: an event is the same event whichever way it came.
 */
public final class EventMapper {
  static final EnumMapping<ClipMode, RunEvent.ClipMode> CLIP_MODES =
      EnumMapping.between(ClipMode.class, RunEvent.ClipMode.class);
  static final EnumMapping<NormStage, RunEvent.NormStage> NORM_STAGES =
      EnumMapping.between(NormStage.class, RunEvent.NormStage.class);
  static final EnumMapping<RunOutcome, RunEvent.Outcome> OUTCOMES =
      EnumMapping.between(RunOutcome.class, RunEvent.Outcome.class);

  private EventMapper() {}

  /**
   * The event of a record, which is not kept.
   *
   * @param project the project whose topic the event came from
   * @throws UndecodableException when the record is no event that can be
   */
  public static RunEvent toCore(String project, TrainingEvent event) throws UndecodableException {
    String runId = EventChecks.runId(text("run_id", event.getRunId(), Limits.MAX_NAME_BYTES));
    int attempt = EventChecks.attempt(event.getAttempt());
    long step = EventChecks.step("step", event.getStep());
    long emittedAt = EventChecks.emittedAt(event.getEmittedAt());
    Integer rank = event.getRank();
    return new RunEvent(
        project,
        runId,
        attempt,
        step,
        emittedAt,
        rank == null ? RunEvent.WHOLE_RUN : EventChecks.rank(rank),
        body(event.getBody(), step));
  }

  private static RunEvent.Body body(@Nullable Object body, long step) throws UndecodableException {
    if (body instanceof StepCompleted completed) {
      return observation(completed);
    }
    if (body instanceof RunStarted started) {
      return started(started);
    }
    if (body instanceof EvaluationCompleted evaluation) {
      Double loss = evaluation.getLoss();
      return new RunEvent.EvaluationCompleted(
          loss == null ? null : (Double) EventChecks.number(loss),
          metrics(evaluation.getMetrics()));
    }
    if (body instanceof CheckpointSaved saved) {
      Long told = saved.getCheckpointStep();
      return new RunEvent.CheckpointSaved(
          text("uri", saved.getUri(), Limits.MAX_URI_BYTES),
          told == null ? step : EventChecks.step("checkpoint_step", told));
    }
    if (body instanceof AdviceApplied advice) {
      Long told = advice.getMadeAtStep();
      return new RunEvent.AdviceApplied(
          positiveOrNone(advice.getAdvised()),
          positiveOrNone(advice.getApplied()),
          told == null ? EventChecks.NO_STEP : EventChecks.step("made_at_step", told));
    }
    if (body instanceof RunEnded ended) {
      return new RunEvent.Ended(OUTCOMES.of(ended.getOutcome()));
    }
    if (body instanceof Heartbeat) {
      return new RunEvent.Heartbeat();
    }
    throw EventChecks.noBody();
  }

  private static RunEvent.Started started(RunStarted started) throws UndecodableException {
    Long plannedSteps = started.getPlannedSteps();
    return new RunEvent.Started(
        text("owner", started.getOwner(), Limits.MAX_TEXT_BYTES),
        text("framework", started.getFramework(), Limits.MAX_TEXT_BYTES),
        layerNames(started.getLayerNames()),
        EventChecks.worldSize(started.getWorldSize()),
        plannedSteps == null ? Double.NaN : EventChecks.plannedSteps(plannedSteps),
        CLIP_MODES.of(started.getClipMode()),
        positiveOrNone(started.getClipThreshold()),
        NORM_STAGES.of(started.getNormStage()),
        started.getNormScaled(),
        tags(started.getTags()));
  }

  private static List<String> layerNames(List<String> names) throws UndecodableException {
    EventChecks.layerCount("layer_names", names.size());
    List<String> checked = new ArrayList<>(names.size());
    for (String name : names) {
      checked.add(EventChecks.layerName(text("a layer name", name, Limits.MAX_NAME_BYTES)));
    }
    return Collections.unmodifiableList(checked);
  }

  private static Map<String, String> tags(Map<String, String> tags) throws UndecodableException {
    EventChecks.tagCount(tags.size());
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      text("the name of a tag", tag.getKey(), Limits.MAX_NAME_BYTES);
      text("the value of a tag", tag.getValue(), Limits.MAX_TEXT_BYTES);
    }
    return tags.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  private static Observation observation(StepCompleted step) throws UndecodableException {
    Observation observation = new Observation();
    scalar(observation, Scalar.LOSS, "loss", step.getLoss());
    scalar(observation, Scalar.GRAD_NORM, "grad_norm", step.getGradNorm());
    scalar(observation, Scalar.LEARNING_RATE, "learning_rate", step.getLearningRate());
    scalar(observation, Scalar.CLIP_THRESHOLD, "clip_threshold", step.getClipThreshold());
    scalar(observation, Scalar.LOSS_SCALE, "loss_scale", step.getLossScale());
    Boolean skipped = step.getUpdateSkipped();
    if (skipped != null) {
      EventChecks.report(observation, Scalar.UPDATE_SKIPPED, "update_skipped", skipped ? 1 : 0);
    }
    scalar(observation, Scalar.NONFINITE_COUNT, "nonfinite_count", step.getNonfiniteCount());
    scalar(observation, Scalar.BATCH_SIZE, "batch_size", step.getBatchSize());
    scalar(observation, Scalar.GRAD_ABS_MAX, "grad_abs_max", step.getGradAbsMax());
    layers(observation, LayerSeries.GRAD_NORM, "layer_grad_norms", step.getLayerGradNorms());
    layers(observation, LayerSeries.WEIGHT_NORM, "layer_weight_norms", step.getLayerWeightNorms());
    layers(observation, LayerSeries.UPDATE_NORM, "layer_update_norms", step.getLayerUpdateNorms());
    layers(
        observation,
        LayerSeries.ZERO_FRACTION,
        "layer_zero_fractions",
        step.getLayerZeroFractions());
    Log2Histogram histogram = step.getHistogram();
    if (histogram != null) {
      EventChecks.bucketCount(histogram.getCounts().size());
      observation.setHistogram(
          EventChecks.histogram(
              histogram.getMinExponent(),
              histogram.getCounts().stream().mapToLong(Long::longValue).toArray(),
              histogram.getZeros(),
              histogram.getNonfinite()));
    }
    observation.setMetrics(metrics(step.getMetrics()));
    return EventChecks.layersAgree(observation);
  }

  private static void scalar(
      Observation observation, Scalar scalar, String field, @Nullable Double value)
      throws UndecodableException {
    if (value != null) {
      EventChecks.report(observation, scalar, field, value);
    }
  }

  private static void layers(
      Observation observation, LayerSeries series, String field, @Nullable List<Float> values)
      throws UndecodableException {
    if (values == null) {
      return;
    }
    float[] array = new float[EventChecks.layerCount(field, values.size())];
    if (values instanceof FloatArray floats) { // as readers make them: nothing is boxed
      for (int i = 0; i < array.length; i++) {
        array[i] = floats.getFloat(i);
      }
    } else {
      int i = 0;
      for (float value : values) {
        array[i++] = value;
      }
    }
    observation.setLayers(series, EventChecks.layers(series, field, array));
  }

  private static Map<String, Double> metrics(Map<String, Double> metrics)
      throws UndecodableException {
    EventChecks.metricCount(metrics.size());
    if (metrics.isEmpty()) {
      return Map.of();
    }
    Map<String, Double> sorted = new TreeMap<>();
    for (Map.Entry<String, Double> metric : metrics.entrySet()) {
      sorted.put(
          text("the name of a metric", metric.getKey(), Limits.MAX_NAME_BYTES),
          EventChecks.number(metric.getValue()));
    }
    return Collections.unmodifiableMap(sorted);
  }

  private static double positiveOrNone(@Nullable Double value) {
    return value == null ? Double.NaN : EventChecks.positiveOrNone(value);
  }

  private static String text(String field, String value, int mostBytes)
      throws UndecodableException {
    long bytes = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else if (Character.isSurrogate(c)) {
        throw UndecodableException.refused(
            Reason.INVALID_TEXT, field + " at " + i, "half a character", "text that has a UTF-8");
      } else {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
    }
    EventChecks.textBytes(field, bytes, mostBytes);
    return value;
  }
}
