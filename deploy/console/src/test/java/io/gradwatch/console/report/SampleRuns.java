package io.gradwatch.console.report;

import io.gradwatch.console.api.AcknowledgementView;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.AlarmView.ActionView;
import io.gradwatch.console.api.AlarmView.EvidenceView;
import io.gradwatch.console.api.AlarmView.LayerView;
import io.gradwatch.console.api.JudgementView;
import io.gradwatch.console.api.LayerMap;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunDetail.AttemptView;
import io.gradwatch.console.api.RunDetail.CheckpointView;
import io.gradwatch.console.api.RunDetail.OverflowView;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.api.SeriesPage;
import io.gradwatch.console.api.SeriesPage.AttemptSeries;
import io.gradwatch.console.api.SeriesPage.Curve;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Runs to report about: one that grows from step 8,000 on, one that stays. */
final class SampleRuns {
  static final String HOSTILE = "r<script>alert(1)</script>\"'&\u202e\u0007/x";

  private static final int POINTS = 400;
  private static final int STRIDE = 25;
  private static final int ONSET = 8_000;
  private static final int LAYERS = 24;
  private static final long STARTED = 1_763_700_000_000L;

  private SampleRuns() {}

  /** A run that grows; with a name that is a trap. */
  static RunReportData growing(String name) {
    return run(name, 0.004, List.of(alarm(name), warning(name)));
  }

  /** A run that stays. */
  static RunReportData healthy(String name) {
    return run(name, 0, List.of());
  }

  /** A run of which nothing is known. */
  static RunReportData empty() {
    RunRow row = row("nothing", RunState.HEALTHY, 0, null, null);
    RunDetail run =
        new RunDetail(
            row,
            List.of(),
            0,
            0,
            "",
            null,
            "PRE_CLIP",
            List.of(),
            List.of(),
            List.of(),
            null,
            null,
            List.of(),
            null);
    return new RunReportData(
        run, new SeriesPage("vision", "nothing", List.of()), null, Instant.ofEpochMilli(STARTED));
  }

  private static RunReportData run(String name, double growth, List<AlarmView> alarms) {
    Random random = new Random(7);
    List<AttemptSeries> attempts = new ArrayList<>();
    if (growth > 0) {
      attempts.add(new AttemptSeries(1, curves(0, 160, growth * 2, 3_000, random)));
    }
    attempts.add(
        new AttemptSeries(
            2, curves(growth > 0 ? 2_000 / STRIDE : 0, POINTS, growth, ONSET, random)));
    long last = (POINTS - 1L) * STRIDE;
    RunRow row = row(name, growth > 0 ? RunState.CRITICAL : RunState.HEALTHY, last, 2.4, 812.0);
    RunDetail run =
        new RunDetail(
            row,
            List.of(),
            LAYERS,
            64,
            "GLOBAL_NORM",
            1.0,
            "PRE_CLIP",
            growth > 0
                ? List.of(
                    new AttemptView(1, 0, 3_975, STARTED, STARTED + 1),
                    new AttemptView(2, 2_000, last, STARTED + 2, STARTED + 3))
                : List.of(new AttemptView(1, 0, last, STARTED, STARTED + 3)),
            List.of(
                new CheckpointView(6_000, "s3://bucket/ckpt-6000"),
                new CheckpointView(7_500, "s3://bucket/ckpt-7500")),
            List.of("loss", "grad_norm"),
            statistics(),
            Map.of(
                "clip_threshold",
                1.37,
                "made_at_step",
                7_950,
                "valid_until_step",
                10_500,
                "centre",
                0.93,
                "spread",
                0.21,
                "frozen",
                true,
                "reason",
                "DISTURBANCE",
                "summary",
                "Held at 1.37 while the gradient norm grows; usual norm 0.93."),
            alarms,
            growth > 0
                ? new OverflowView(
                    "a".repeat(32), last - 200, 21_000, 18_500.0, 24_000.0, 173.0, 4_300.0)
                : null);
    return new RunReportData(
        run,
        new SeriesPage("vision", name, attempts),
        layers(growth),
        Instant.ofEpochMilli(STARTED + 9_000_000));
  }

  private static RunRow row(
      String name, RunState state, long step, @Nullable Double loss, @Nullable Double norm) {
    return new RunRow(
        "vision",
        name,
        state,
        3,
        2,
        step,
        50_000L,
        5.0,
        loss,
        norm,
        List.of(),
        List.of(),
        0.004,
        173.0,
        0.31,
        0.25,
        1.37,
        1.0,
        "BOUNDED",
        1,
        null,
        "ann@example.org",
        "PyTorch 2.9",
        Map.of("cluster", "b200-east", "host", "n<17>"),
        STARTED,
        STARTED + 8_000_000,
        null);
  }

  private static Map<String, Curve> curves(
      int first, int end, double growth, int onset, Random random) {
    List<Long> steps = new ArrayList<>();
    List<List<@Nullable Float>> loss =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<List<@Nullable Float>> norm =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<@Nullable Float> advised = new ArrayList<>();
    for (int i = first; i < end; i++) {
      int step = i * STRIDE;
      steps.add((long) step);
      double grown = Math.exp(growth * Math.max(0, step - onset));
      add(loss, (1.9 + 5 * Math.exp(-step / 1500.0)) * (1 + 0.15 * Math.log(grown)), 0.03, random);
      add(norm, (0.9 + 3 * Math.exp(-step / 700.0)) * grown, 0.25, random);
      advised.add(i % 97 == 0 ? null : (float) (1.4 + 3 * Math.exp(-step / 900.0)));
    }
    List<@Nullable Float> applied = steps.stream().<@Nullable Float>map(step -> 1.0f).toList();
    return Map.of(
        "loss",
        curve(steps, loss, growth > 0 ? List.of(9_600L, 9_700L) : List.of()),
        "grad_norm",
        curve(steps, norm, List.of()),
        "advised_threshold",
        new Curve(steps, advised, advised, advised, List.of()),
        "clip_threshold",
        new Curve(steps, applied, applied, applied, List.of()));
  }

  private static Curve curve(
      List<Long> steps, List<List<@Nullable Float>> values, List<Long> nonfinite) {
    return new Curve(steps, values.get(0), values.get(1), values.get(2), nonfinite);
  }

  private static void add(
      List<List<@Nullable Float>> to, double value, double spread, Random random) {
    double last = value * Math.exp(spread * random.nextGaussian());
    to.get(0).add((float) (last * Math.exp(-spread * (0.3 + random.nextDouble()))));
    to.get(1).add((float) (last * Math.exp(spread * (0.3 + 2 * random.nextDouble()))));
    to.get(2).add((float) last);
  }

  private static Map<String, Object> statistics() {
    Map<String, Object> series =
        Map.of(
            "count",
            9_975,
            "last",
            812.0,
            "mean",
            611.5,
            "spread",
            240.0,
            "minimum",
            0.31,
            "maximum",
            "Infinity",
            "p10",
            0.8,
            "p50",
            0.94,
            "p90",
            2.2,
            "p99",
            390.0);
    return Map.of(
        "step",
        9_950,
        "steps_seen",
        11_200,
        "steps_skipped",
        3,
        "steps_nonfinite",
        2,
        "steps_clipped",
        1_700,
        "loss",
        series,
        "grad_norm",
        series);
  }

  private static LayerMap layers(double growth) {
    List<String> names = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    List<List<@Nullable Float>> values = new ArrayList<>();
    for (long step = growth > 0 ? 2_000 : 0; step < 10_000; step += 80) {
      steps.add(step);
    }
    for (int layer = 0; layer < LAYERS; layer++) {
      names.add("transformer.h." + layer + (layer % 2 == 0 ? ".attn.c_proj" : ".mlp.c_fc"));
      firsts.add(layer);
      List<@Nullable Float> row = new ArrayList<>();
      for (long step : steps) {
        long onset = ONSET + 60L * Math.abs(layer - 17);
        double grown = Math.exp(growth * Math.max(0, step - onset));
        boolean lost = growth > 0 && layer == 17 && step > 9_600;
        row.add(
            lost
                ? Float.valueOf(Float.NaN)
                : step % 4_000 == 80
                    ? null
                    : Float.valueOf(
                        (float)
                            (grown
                                * (0.1 + 0.02 * layer + 0.05 * Math.sin(step / 300.0 + layer)))));
      }
      values.add(row);
    }
    List<LayerMap.Onset> onsets =
        growth > 0
            ? List.of(
                new LayerMap.Onset(17, names.get(17), ONSET, 1, "a".repeat(32)),
                new LayerMap.Onset(16, names.get(16), ONSET + 60, 2, "a".repeat(32)),
                new LayerMap.Onset(18, names.get(18), ONSET + 60, 3, "a".repeat(32)),
                new LayerMap.Onset(12, names.get(12), ONSET + 300, 4, "a".repeat(32)))
            : List.of();
    return new LayerMap("gradient", names, firsts, steps, values, onsets);
  }

  private static AlarmView alarm(String run) {
    return new AlarmView(
        "a".repeat(32),
        3,
        "vision",
        run,
        2,
        "EXPLODING_GRADIENT",
        List.of("DIVERGENCE"),
        "CRITICAL",
        AlarmStatus.ACKNOWLEDGED,
        "NONE",
        ONSET,
        8_160,
        9_950,
        STARTED + 7_000_000,
        STARTED + 8_000_000,
        "The gradient norm doubles every 173 steps since step 8,000; at this rate it overflows in"
            + " 21,000 steps.",
        List.of(
            new EvidenceView("growth_rate", 0.004, "growth of ln(norm) per step"),
            new EvidenceView("doubling_steps", 173, "steps in which the norm doubles"),
            new EvidenceView("steps_to_overflow", 21_000, "steps to overflow at this rate")),
        List.of(
            new LayerView("transformer.h.17.mlp.c_fc", 17, ONSET, 0.0041),
            new LayerView("<b>transformer</b>.h.16", 16, ONSET + 60, Double.NaN)),
        List.of(
            new ActionView("LOWER_CLIP_THRESHOLD", 1.37, "Lower the clip threshold to 1.37."),
            new ActionView(
                "ROLL_BACK",
                7_500.0,
                "Go back to the checkpoint of step 7,500 and skip 200 batches.")),
        7_500L,
        "s3://bucket/ckpt-7500",
        "ann@example.org",
        Map.of("cluster", "b200-east"),
        new AcknowledgementView("bob", "lowering the clip threshold", STARTED + 7_100_000),
        List.of(),
        new JudgementView(
            "TOO_LATE", 7_900L, 9_500L, "bob", "seen in the loss before", STARTED + 8_500_000));
  }

  private static AlarmView warning(String run) {
    return new AlarmView(
        "b".repeat(32),
        2,
        "vision",
        run,
        2,
        "LOSS_SPIKE",
        List.of(),
        "WARNING",
        AlarmStatus.RESOLVED,
        "RECOVERED",
        5_000,
        5_004,
        5_220,
        STARTED + 5_000_000,
        STARTED + 5_200_000,
        "The loss jumped by 9 spreads at step 5,000 and came back.",
        List.of(new EvidenceView("jump_spreads", 9.1, "jump of the loss in spreads")),
        List.of(),
        List.of(),
        null,
        null,
        "",
        Map.of(),
        null,
        List.of(),
        null);
  }
}
