package io.gradwatch.cli.console;

import io.gradwatch.console.api.AlarmBrief;
import io.gradwatch.console.api.AlarmDetail;
import io.gradwatch.console.api.AlarmDetail.RevisionView;
import io.gradwatch.console.api.AlarmPage;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.AlarmView.ActionView;
import io.gradwatch.console.api.AlarmView.EvidenceView;
import io.gradwatch.console.api.AlarmView.LayerView;
import io.gradwatch.console.api.FleetPage;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunDetail.AttemptView;
import io.gradwatch.console.api.RunDetail.OverflowView;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.api.SeriesPage;
import io.gradwatch.console.api.SeriesPage.AttemptSeries;
import io.gradwatch.console.api.SeriesPage.Curve;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What a console may answer. */
final class SampleRecords {
  static final String ID = "00a1b2c3" + "0".repeat(24);
  static final String HOSTILE = "r\u001b[2J'$(x)\u202e";

  private static final List<@Nullable Float> TREND = java.util.Arrays.asList(1f, 2f, null, 4f, 8f);

  private SampleRecords() {}

  static RunRow row(String run, RunState state) {
    return row(run, state, 1.0);
  }

  static RunRow row(String run, RunState state, @Nullable Double appliedThreshold) {
    AlarmBrief alarm =
        state == RunState.CRITICAL
            ? new AlarmBrief(
                ID, "EXPLODING_GRADIENT", "CRITICAL", AlarmStatus.OPEN, 8_000, "It grows.")
            : null;
    return new RunRow(
        "vision",
        run,
        state,
        2,
        1,
        9_000,
        50_000L,
        5.0,
        2.4,
        Double.POSITIVE_INFINITY,
        TREND,
        TREND,
        0.004,
        173.0,
        appliedThreshold == null ? null : 0.31,
        0.25,
        1.37,
        appliedThreshold,
        appliedThreshold == null ? "UNKNOWN" : "BOUNDED",
        1,
        alarm,
        "ann",
        "PyTorch",
        Map.of(),
        1,
        2,
        state == RunState.ENDED ? "COMPLETED" : null);
  }

  static FleetPage fleet(RunRow... runs) {
    return new FleetPage(
        runs.length + 3,
        0,
        7,
        Map.of(RunState.CRITICAL, 1, RunState.HEALTHY, 4),
        List.of("vision"),
        List.of(runs));
  }

  static AlarmView alarm(String id, String run, AlarmStatus status) {
    return new AlarmView(
        id,
        2,
        "vision",
        run,
        1,
        "EXPLODING_GRADIENT",
        List.of("DIVERGENCE"),
        "CRITICAL",
        status,
        status == AlarmStatus.RESOLVED ? "RECOVERED" : "NONE",
        8_000,
        8_160,
        9_000,
        1,
        2,
        "The gradient norm doubles every 173 steps.\u001b[2J",
        List.of(new EvidenceView("doubling_steps", 173, "steps in which the norm doubles")),
        List.of(new LayerView("h.17.mlp", 17, 8_000, 0.0041)),
        List.of(new ActionView("LOWER_CLIP_THRESHOLD", 1.37, "Lower the clip threshold to 1.37.")),
        7_500L,
        "s3://bucket/7500",
        "ann",
        Map.of(),
        null,
        List.of(),
        null);
  }

  static AlarmPage page(AlarmView... alarms) {
    return new AlarmPage(alarms.length, 0, Map.of(), List.of(alarms));
  }

  static AlarmDetail detail(AlarmView alarm) {
    return new AlarmDetail(
        alarm,
        List.of(
            new RevisionView(1, "OPEN", "WARNING", 8_160, 1, "It begins to grow."),
            new RevisionView(2, "UPDATED", "CRITICAL", 9_000, 2, "It grows.")),
        List.of());
  }

  static RunDetail run(String run, RunState state) {
    return run(row(run, state));
  }

  static RunDetail run(RunRow row) {
    Map<String, Object> series = Map.of("mean", 2.5, "maximum", "Infinity", "p50", 0.94);
    return new RunDetail(
        row,
        List.of(),
        0,
        8,
        "GLOBAL_NORM",
        1.0,
        "PRE_CLIP",
        List.of(new AttemptView(1, 0, 9_000, 1, 2)),
        List.of(),
        List.of("loss"),
        Map.of("loss", series, "grad_norm", series),
        null,
        row.state() == RunState.CRITICAL
            ? List.of(alarm(ID, row.run(), AlarmStatus.OPEN))
            : List.of(),
        row.state() == RunState.CRITICAL
            ? new OverflowView(ID, 8_800, 21_000, 18_000.0, 24_000.0, 173.0, 4_200.0)
            : null);
  }

  static SeriesPage series(String run) {
    List<Long> steps = LongStream.range(0, 10).mapToObj(i -> i * 1_000).toList();
    List<@Nullable Float> values =
        LongStream.range(0, 10).<@Nullable Float>mapToObj(i -> (float) (1 << i)).toList();
    Curve curve = new Curve(steps, values, values, values, List.of());
    return new SeriesPage(
        "vision", run, List.of(new AttemptSeries(1, Map.of("loss", curve, "grad_norm", curve))));
  }
}
