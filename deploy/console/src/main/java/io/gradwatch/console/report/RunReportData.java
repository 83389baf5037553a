package io.gradwatch.console.report;

import io.gradwatch.console.api.LayerMap;
import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.SeriesPage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a report tells of one run.
 *
 * @param run everything but the curves
 * @param series at least {@code loss} and {@code grad_norm}; {@code clip_threshold} and {@code
 *     advised_threshold} are drawn where they are there
 * @param layers gradient norms by layer; null: none were reported
 * @param madeAt when the report was made
 */
public record RunReportData(
    RunDetail run, SeriesPage series, @Nullable LayerMap layers, Instant madeAt) {
  /** Project and run, as people name it. */
  String name() {
    return run.row().project() + "/" + run.row().run();
  }
}
