package io.gradwatch.lab.throughput;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Entrants who run by turns over the same events. The first is the base of all ratios and runs
 * again at the end of each round: the mean of the two cancels a drift of the machine within it.
 */
final class Contest {
  private final List<Entrant> entrants;
  private final Track track;
  private final Consumer<String> progress;

  /**
   * Not begun yet.
   *
   * @param entrants at least one
   * @param progress is told of every heat
   */
  Contest(List<Entrant> entrants, Track track, Consumer<String> progress) {
    if (entrants.isEmpty()) {
      throw new IllegalArgumentException("nobody takes part, at least one must");
    }
    this.entrants = List.copyOf(entrants);
    this.track = track;
    this.progress = progress;
  }

  /**
   * Runs them all.
   *
   * @param rounds that count; one more before them warms up broker and compiler
   */
  Tally hold(int rounds) throws Exception {
    Tally tally = new Tally(entrants.get(0).name());
    for (int round = 0; round <= rounds; round++) {
      Map<String, HeatResult> results = round(round);
      if (round > 0) {
        tally.add(results);
      }
    }
    return tally;
  }

  private Map<String, HeatResult> round(int round) throws Exception {
    Map<String, HeatResult> results = new LinkedHashMap<>();
    for (Entrant entrant : entrants) {
      results.put(entrant.name(), run(entrant, Integer.toString(round)));
    }
    Entrant base = entrants.get(0);
    if (entrants.size() > 1) {
      HeatResult again = run(base, round + "-again");
      results.computeIfPresent(base.name(), (any, before) -> HeatResult.between(before, again));
    }
    return results;
  }

  private HeatResult run(Entrant entrant, String round) throws Exception {
    String heat = entrant.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + round;
    HeatResult result = entrant.run(track.first(entrant.share()), heat);
    progress.accept(
        "%s: %,.0f records/s, %.2f us"
            .formatted(heat, result.recordsPerSecond(), result.cpuMicros()));
    return result;
  }
}
