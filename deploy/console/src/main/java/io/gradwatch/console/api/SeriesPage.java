package io.gradwatch.console.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Curves of a run, each attempt by itself. A curve is made of stretches of steps; what a stretch
 * leaves out lies between its low and its high.
 *
 * @param project its project
 * @param run the run
 * @param attempts oldest first
 */
public record SeriesPage(String project, String run, List<AttemptSeries> attempts) {

  /**
   * Curves of one attempt.
   *
   * @param attempt its number
   * @param series by name: loss, grad_norm, learning_rate, clip_threshold (applied),
   *     advised_threshold, eval_loss, loss_scale, or metric:NAME
   */
  public record AttemptSeries(int attempt, Map<String, Curve> series) {}

  /**
   * One curve, its arrays of one length.
   *
   * @param steps first step of each stretch, rising
   * @param low smallest finite value in it; null when there was none
   * @param high largest finite value in it; null when there was none
   * @param last newest finite value in it; null when there was none
   * @param nonfinite steps with NaN or infinity; the first 64
   */
  public record Curve(
      List<Long> steps,
      List<@Nullable Float> low,
      List<@Nullable Float> high,
      List<@Nullable Float> last,
      List<Long> nonfinite) {}
}
