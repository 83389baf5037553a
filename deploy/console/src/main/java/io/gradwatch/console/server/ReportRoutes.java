package io.gradwatch.console.server;

import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.SeriesPage;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.LayerKind;
import io.gradwatch.console.model.RunKey;
import io.gradwatch.console.report.ReportFormat;
import io.gradwatch.console.report.Reports;
import io.gradwatch.console.report.RunReportData;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Reports to attach to an incident. */
final class ReportRoutes {
  private static final Set<String> SERIES =
      Set.of("loss", "grad_norm", "clip_threshold", "advised_threshold");
  private static final int POINTS = 800;

  /** A picture takes some 20 MB while it is drawn. */
  private static final int MOST_AT_A_TIME = 4;

  private final Semaphore drawing = new Semaphore(MOST_AT_A_TIME);

  private final Fleet fleet;
  private final InstantSource clock;

  ReportRoutes(Fleet fleet, InstantSource clock) {
    this.fleet = fleet;
    this.clock = clock;
  }

  void addTo(Api api) {
    api.get("/runs/{project}/{run}/report", this::ofRun);
    api.get("/compare/report", this::ofSeveral);
  }

  private void ofRun(Context context) {
    RunKey key = Asked.run(context);
    ReportFormat format = format(context);
    RunReportData data = data(key);
    answer(context, format, made(() -> Reports.run(data, format)), key.run());
  }

  private void ofSeveral(Context context) {
    List<String> names = context.queryParams("run");
    if (names.size() < 2 || names.size() > Reports.MAX_RUNS) {
      throw RefusedException.badRequest(
          "run is given " + names.size() + " times, must be 2 to " + Reports.MAX_RUNS + " times");
    }
    List<RunReportData> runs = new ArrayList<>();
    names.forEach(name -> runs.add(data(Asked.runNamed(name))));
    ReportFormat format = format(context);
    answer(context, format, made(() -> Reports.comparison(runs, format)), "comparison");
  }

  /** A machine without fonts draws no PNG, which is nobody's fault here: it is told what to do. */
  private byte[] made(Supplier<byte[]> report) {
    if (!drawing.tryAcquire()) {
      throw RefusedException.unavailable(
          MOST_AT_A_TIME + " reports are being drawn; ask again in a moment");
    }
    try {
      return report.get();
    } catch (IllegalStateException e) {
      throw RefusedException.unavailable(String.valueOf(e.getMessage()));
    } finally {
      drawing.release();
    }
  }

  private RunReportData data(RunKey key) {
    RunDetail run = fleet.run(key);
    SeriesPage series = fleet.series(key, SERIES, 0, Long.MAX_VALUE, POINTS);
    if (run == null || series == null) {
      throw RefusedException.notFound("no run " + key.path() + " is known");
    }
    return new RunReportData(run, series, fleet.layers(key, LayerKind.GRADIENT), clock.instant());
  }

  private static ReportFormat format(Context context) {
    String word = Asked.text(context, "format");
    ReportFormat format = word.isEmpty() ? ReportFormat.HTML : ReportFormat.of(word);
    if (format == null) {
      throw RefusedException.badRequest("format is '" + word + "', must be html, svg or png");
    }
    return format;
  }

  /** A report has its own style in it, and needs nothing else. */
  private static void answer(Context context, ReportFormat format, byte[] bytes, String name) {
    context.header(
        "Content-Security-Policy",
        Reports.CONTENT_SECURITY_POLICY + "; sandbox; frame-ancestors 'none'");
    context.header(
        "Content-Disposition",
        "inline; filename=\"gradwatch-"
            + name.replaceAll("[^A-Za-z0-9._-]", "_")
            + "."
            + format.extension()
            + '"');
    context.contentType(format.contentType()).result(bytes);
  }
}
