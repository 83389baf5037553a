package io.gradwatch.lab.throughput;

import java.util.HashMap;
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
  private final Course course;
  private final HeatLength length;
  private final Consumer<String> progress;
  private final Map<String, Double> paces = new HashMap<>();

  /**
   * Not begun yet.
   *
   * @param entrants at least one
   * @param length of the heats
   * @param progress is told of every heat
   */
  Contest(List<Entrant> entrants, Course course, HeatLength length, Consumer<String> progress) {
    if (entrants.isEmpty()) {
      throw new IllegalArgumentException("nobody takes part, at least one must");
    }
    this.entrants = List.copyOf(entrants);
    this.course = course;
    this.length = length;
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
    while (round < MOST_ROUNDS_TO_WARM_UP && !isWarm(round("warm-up-" + round, false))) {
      round++;
    }
    for (round = 1; round <= rounds; round++) {
      tally.add(round(Integer.toString(round), true));
    }
    return tally;
  }

  private static boolean isWarm(Map<String, HeatResult> results) {
    return results.values().stream().noneMatch(result -> result.compiling() > WARM);
  }

  private Map<String, HeatResult> round(String round, boolean counts) throws Exception {
    Map<String, HeatResult> results = new LinkedHashMap<>();
    for (Entrant entrant : entrants) {
      results.put(entrant.name(), run(entrant, round, counts));
    }
    Entrant base = entrants.get(0);
    if (entrants.size() > 1) {
      HeatResult again = run(base, round + "-again", counts);
      results.computeIfPresent(base.name(), (any, before) -> HeatResult.between(before, again));
    }
    return results;
  }

  private HeatResult run(Entrant entrant, String round, boolean counts) throws Exception {
    String heat = entrant.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + round;
    Double pace = paces.get(entrant.name());
    Track track =
        course.ready(
            counts && pace != null
                ? length.counted(entrant.share(), pace)
                : length.warmUp(entrant.share()));
    HeatResult result = entrant.run(track, heat);
    paces.put(entrant.name(), result.recordsPerSecond());
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s: %,.0f records/s for %.1f s, %.2f us, %.2f us of them in one thread, compiler"
                + " %.0f %%",
            heat,
            result.recordsPerSecond(),
            (track.to() - track.from()) / result.recordsPerSecond(),
            result.cpuMicros(),
            result.busiestMicros(),
            100 * result.compiling()));
    return result;
  }
}
