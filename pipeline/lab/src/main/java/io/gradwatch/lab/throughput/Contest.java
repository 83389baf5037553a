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
  /** Share of the time that the compiler may still take in a heat that counts. */
  private static final double WARM = 0.1;

  private static final int MOST_ROUNDS_TO_WARM_UP = 8;

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
   * Runs them all. Rounds do not count until Java's compiler has come to rest, which takes minutes
   * where it has half a processor for a broker and two jobs: until then each heat shares the
   * machine with it, and the code is slower besides.
   *
   * @param rounds that count
   */
  Tally hold(int rounds) throws Exception {
    Tally tally = new Tally(entrants.get(0).name());
    int round = 0;
    while (round < MOST_ROUNDS_TO_WARM_UP && !isWarm(round("warm-up-" + round))) {
      round++;
    }
    for (round = 1; round <= rounds; round++) {
      tally.add(round(Integer.toString(round)));
    }
    return tally;
  }

  private static boolean isWarm(Map<String, HeatResult> results) {
    return results.values().stream().noneMatch(result -> result.compiling() > WARM);
  }

  private Map<String, HeatResult> round(String round) throws Exception {
    Map<String, HeatResult> results = new LinkedHashMap<>();
    for (Entrant entrant : entrants) {
      results.put(entrant.name(), run(entrant, round));
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
        "%s: %,.0f records/s, %.2f us, %.2f us of them in one thread, compiler %.0f %%"
            .formatted(
                heat,
                result.recordsPerSecond(),
                result.cpuMicros(),
                result.busiestMicros(),
                100 * result.compiling()));
    return result;
  }
}
