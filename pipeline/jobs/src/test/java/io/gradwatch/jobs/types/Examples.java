package io.gradwatch.jobs.types;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.RunEvent.ClipMode;
import io.gradwatch.core.signal.RunEvent.NormStage;
import io.gradwatch.core.signal.RunEvent.Outcome;
import io.gradwatch.core.signal.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An event of every kind, with every field present and with every field absent. */
final class Examples {
  private static final double ODD_NAN = Double.longBitsToDouble(0x7ff8_0000_0000_beefL);

  private Examples() {}

  static List<RunEvent> events() {
    return List.of(
        event(0, new Observation()),
        event(9_007_199_254_740_992L, everything()),
        event(
            2,
            new RunEvent.Started(
                "ann",
                "pytorch",
                List.of("in", "aus-ä"),
                8,
                1e6,
                ClipMode.GLOBAL_NORM,
                1.0,
                NormStage.POST_CLIP,
                true,
                tags())),
        event(
            3,
            new RunEvent.Started(
                "",
                "",
                List.of(),
                1,
                Double.NaN,
                ClipMode.UNKNOWN,
                Double.NaN,
                NormStage.PRE_CLIP,
                false,
                Map.of())),
        event(4, new RunEvent.EvaluationCompleted(null, Map.of())),
        event(5, new RunEvent.EvaluationCompleted(ODD_NAN, metrics())),
        event(6, new RunEvent.CheckpointSaved("s3://bucket/6", 6)),
        event(7, new RunEvent.AdviceApplied(1.5, Double.NaN, -1)),
        event(8, new RunEvent.Ended(Outcome.PREEMPTED)),
        event(9, new RunEvent.Heartbeat()),
        event(10, new RunEvent.Removed()));
  }

  private static RunEvent event(long step, RunEvent.Body body) {
    return new RunEvent("default", "run-ß", 3, step, 1_700_000_000_000L + step, 7, body);
  }

  private static Observation everything() {
    Observation all = new Observation();
    for (Scalar scalar : Scalar.values()) {
      all.set(scalar, scalar.index() + 0.25);
    }
    all.set(Scalar.LOSS, ODD_NAN).set(Scalar.GRAD_NORM, Double.POSITIVE_INFINITY);
    for (LayerSeries series : LayerSeries.values()) {
      all.setLayers(series, new float[] {series.index(), Float.NaN, Float.MIN_VALUE, -0f});
    }
    return all.setHistogram(new Log2Histogram(-40, new long[] {1, 0, Long.MAX_VALUE}, 5, 6))
        .setMetrics(metrics());
  }

  private static Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("z", 1.0);
    metrics.put("a", Double.NEGATIVE_INFINITY);
    return metrics;
  }

  private static Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("host", "node-7");
    tags.put("cluster", "");
    return tags;
  }
}
