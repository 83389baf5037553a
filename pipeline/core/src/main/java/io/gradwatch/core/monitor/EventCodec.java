package io.gradwatch.core.monitor;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.RunEvent.AdviceApplied;
import io.gradwatch.core.signal.RunEvent.CheckpointSaved;
import io.gradwatch.core.signal.RunEvent.EvaluationCompleted;
import io.gradwatch.core.signal.RunEvent.Started;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.state.StateCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Binary form of an event that waits: what is judged of it. Metrics, which are carried and not
 * judged, are left out, and so are heartbeats and ends, which never wait.
 */
final class EventCodec {
  /** Stands where an event is to be read. */
  static final RunEvent NONE =
      new RunEvent("", "", 0, 0, 0, RunEvent.WHOLE_RUN, new RunEvent.Heartbeat());

  private static final int OBSERVATION = 1;
  private static final int STARTED = 2;
  private static final int EVALUATION = 3;
  private static final int CHECKPOINT = 4;
  private static final int ADVICE = 5;

  private static final float[] NO_LAYERS = {};
  private static final Scalar[] SCALARS = Scalar.values();
  private static final LayerSeries[] LAYER_SERIES = LayerSeries.values();

  private static final Started NOT_STARTED =
      new Started(
          "",
          "",
          List.of(),
          0,
          0,
          RunEvent.ClipMode.UNKNOWN,
          0,
          RunEvent.NormStage.PRE_CLIP,
          false,
          Map.of());

  private EventCodec() {}

  /** Writes the event and returns it, or reads one. */
  static RunEvent walk(StateCodec codec, RunEvent event) {
    return new RunEvent(
        codec.text(event.project()),
        codec.text(event.runId()),
        codec.i32(event.attempt()),
        codec.i64(event.step()),
        codec.i64(event.emittedAt()),
        codec.i32(event.rank()),
        body(codec, event.body()));
  }

  private static RunEvent.Body body(StateCodec codec, RunEvent.Body body) {
    int tag = codec.i32(tag(body));
    return switch (tag) {
      case OBSERVATION ->
          observation(codec, body instanceof Observation known ? known : new Observation());
      case STARTED -> started(codec, body instanceof Started known ? known : NOT_STARTED);
      case EVALUATION ->
          new EvaluationCompleted(
              number(codec, body instanceof EvaluationCompleted known ? known.loss() : null),
              Map.of());
      case CHECKPOINT -> {
        CheckpointSaved known =
            body instanceof CheckpointSaved saved ? saved : new CheckpointSaved("", 0);
        yield new CheckpointSaved(codec.text(known.uri()), codec.i64(known.checkpointStep()));
      }
      case ADVICE -> {
        AdviceApplied known =
            body instanceof AdviceApplied applied ? applied : new AdviceApplied(0, 0, 0);
        yield new AdviceApplied(
            codec.f64(known.advised()), codec.f64(known.applied()), codec.i64(known.madeAtStep()));
      }
      default -> throw new IllegalStateException("event with an unknown body, tag " + tag);
    };
  }

  private static int tag(RunEvent.Body body) {
    if (body instanceof Observation) {
      return OBSERVATION;
    }
    if (body instanceof Started) {
      return STARTED;
    }
    if (body instanceof EvaluationCompleted) {
      return EVALUATION;
    }
    return body instanceof CheckpointSaved
        ? CHECKPOINT
        : body instanceof AdviceApplied ? ADVICE : 0;
  }

  private static Observation observation(StateCodec codec, Observation known) {
    Observation walked = new Observation();
    for (Scalar scalar : SCALARS) {
      if (codec.flag(known.has(scalar))) {
        walked.set(scalar, codec.f64(known.get(scalar)));
      }
    }
    for (LayerSeries series : LAYER_SERIES) {
      float[] values = known.layers(series);
      if (codec.flag(values != null)) {
        walked.setLayers(series, codec.f32s(values == null ? NO_LAYERS : values));
      }
    }
    Log2Histogram histogram = known.histogram();
    if (codec.flag(histogram != null)) {
      walked.setHistogram(
          histogram(
              codec, histogram == null ? new Log2Histogram(0, new long[0], 0, 0) : histogram));
    }
    return walked;
  }

  private static Log2Histogram histogram(StateCodec codec, Log2Histogram known) {
    int minExponent = codec.i32(known.minExponent());
    long[] counts = new long[codec.i32(known.counts().length)];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = codec.i64(i < known.counts().length ? known.counts()[i] : 0);
    }
    return new Log2Histogram(
        minExponent, counts, codec.i64(known.zeros()), codec.i64(known.nonfinite()));
  }

  private static @Nullable Double number(StateCodec codec, @Nullable Double known) {
    return codec.flag(known != null) ? codec.f64(known == null ? 0 : known) : null;
  }

  private static Started started(StateCodec codec, Started known) {
    return new Started(
        codec.text(known.owner()),
        codec.text(known.framework()),
        codec.texts(known.layerNames()),
        codec.i32(known.worldSize()),
        codec.f64(known.plannedSteps()),
        RunEvent.ClipMode.valueOf(codec.text(known.clipMode().name())),
        codec.f64(known.clipThreshold()),
        RunEvent.NormStage.valueOf(codec.text(known.normStage().name())),
        codec.flag(known.normScaled()),
        tags(codec, known.tags()));
  }

  private static Map<String, String> tags(StateCodec codec, Map<String, String> known) {
    Map<String, String> sorted = new TreeMap<>(known);
    List<String> texts = new ArrayList<>();
    sorted.forEach(
        (name, value) -> {
          texts.add(name);
          texts.add(value);
        });
    List<String> walked = codec.texts(texts);
    Map<String, String> tags = new TreeMap<>();
    for (int i = 0; i < walked.size(); i += 2) {
      tags.put(walked.get(i), walked.get(i + 1));
    }
    return tags;
  }
}
