package io.gradwatch.lab.peers;

import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.lab.plot.Svg;
import io.gradwatch.lab.plot.Svg.Anchor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * For every diverged run, when Gradwatch first paged, in steps from the failure; beside it the peer
 * with the highest score, and the best of those that hardly ever page for nothing. The scale is
 * sign(x) log10(1 + |x|): minutes and hours on one axis, zero in it.
 */
final class LeadTimesFigure {
  /** A person can live with fewer than one false page in 10,000 steps. */
  private static final double QUIET = 1;

  private static final double WIDTH = 1_000;
  private static final double LEFT = 215;
  private static final double RIGHT = 880;
  private static final double NEVER = 935;
  private static final double TOP = 136;
  private static final double ROW = 14;
  private static final double GROUP_GAP = 7;
  private static final double BELOW = 62;

  /** Free space at both ends of the scale. */
  private static final double MARGIN = 0.1;

  private static final String INK = "#1f2933";
  private static final String FAINT = "#66727f";
  private static final String GRID = "#e4e8ec";
  private static final String BAND = "#d5e3ef";
  private static final String OURS = "#0b5fa5";
  private static final String BEST = "#d9730d";
  private static final String QUIETEST = "#5f7d2e";
  private static final List<Long> TICKS =
      List.of(-1_000L, -300L, -100L, -30L, -10L, -3L, 0L, 3L, 10L, 30L, 100L, 300L, 1_000L);

  private final Contest contest;
  private final Peer best;
  private final Peer quiet;
  private final Map<String, @Nullable Long> pagesOfBest;
  private final Map<String, @Nullable Long> pagesOfQuiet;
  private final Map<String, List<LeadTime>> groups;
  private final int rows;
  private final double least;
  private final double most;

  private LeadTimesFigure(Contest contest) {
    this.contest = contest;
    this.best = contest.best();
    this.quiet = contest.bestBelow(QUIET);
    this.pagesOfBest = pages(contest.of(best));
    this.pagesOfQuiet = pages(contest.of(quiet));
    List<LeadTime> times = LeadTime.of(contest.gradwatch());
    this.rows = times.size();
    this.groups =
        times.stream()
            .collect(Collectors.groupingBy(LeadTime::scenario, TreeMap::new, Collectors.toList()));
    groups.values().forEach(group -> group.sort(Comparator.comparing(LeadTime::run)));
    double from = 0;
    double to = 0;
    for (LeadTime time : times) {
      for (Long step : steps(time)) {
        from = Math.min(from, scaled(step));
        to = Math.max(to, scaled(step));
      }
    }
    this.least = from - MARGIN;
    this.most = to + MARGIN;
  }

  private static Map<String, @Nullable Long> pages(Scorecard card) {
    Map<String, @Nullable Long> pages = new HashMap<>();
    LeadTime.of(card).forEach(time -> pages.put(time.run(), time.page()));
    return pages;
  }

  /** All steps that a row shows. */
  private List<Long> steps(LeadTime time) {
    List<Long> steps = new ArrayList<>(List.of(time.onset(), time.deadline()));
    for (Long page :
        Arrays.asList(time.page(), pagesOfBest.get(time.run()), pagesOfQuiet.get(time.run()))) {
      if (page != null) {
        steps.add(page);
      }
    }
    return steps;
  }

  /** The picture as SVG. */
  static String draw(Contest contest) {
    return new LeadTimesFigure(contest).draw();
  }

  private String draw() {
    double bottom = TOP + rows * ROW + groups.size() * GROUP_GAP;
    Svg svg = new Svg(WIDTH, bottom + BELOW);
    headline(svg);
    axis(svg, bottom);
    double y = TOP;
    for (Map.Entry<String, List<LeadTime>> group : groups.entrySet()) {
      y += GROUP_GAP;
      svg.line(20, y - GROUP_GAP / 2, NEVER + 40, y - GROUP_GAP / 2, GRID, 1);
      String name = group.getKey().replaceFirst("^div_", "").replace('_', ' ');
      svg.text(20, y + ROW - 3, Anchor.START, 12, INK, name);
      for (LeadTime time : group.getValue()) {
        row(svg, time, y + ROW / 2);
        y += ROW;
      }
    }
    return svg.finish();
  }

  private void headline(Svg svg) {
    Scorecard ours = contest.gradwatch();
    svg.text(
        20,
        30,
        Anchor.START,
        18,
        INK,
        String.format(
            Locale.ROOT,
            "Gradwatch pages in time on %s lost runs, and %.2f times per 10,000 steps for nothing",
            outOf(ours),
            ours.falsePagesPer10k()));
    svg.text(20, 52, Anchor.START, 13, FAINT, "highest score of the peers: " + worth(best));
    svg.text(20, 70, Anchor.START, 13, FAINT, "best of the quiet peers: " + worth(quiet));
    svg.disc(28, 93, 4.5, OURS);
    svg.text(40, 97, Anchor.START, 12, INK, ContestText.GRADWATCH);
    svg.diamond(138, 93, 5, BEST);
    svg.text(150, 97, Anchor.START, 12, INK, best.label());
    svg.cross(348, 93, 4, QUIETEST);
    svg.text(360, 97, Anchor.START, 12, INK, quiet.label());
    svg.rectangle(598, 88, 36, 10, BAND);
    svg.text(642, 97, Anchor.START, 12, INK, "from the onset to the last step in time");
  }

  private String worth(Peer peer) {
    Scorecard card = contest.of(peer);
    return String.format(
        Locale.ROOT,
        "%s, in time on %s, %.2f false pages per 10,000 steps",
        peer.label(),
        outOf(card),
        card.falsePagesPer10k());
  }

  private static String outOf(Scorecard card) {
    return card.inTime().toString().replace("/", " of ");
  }

  private void axis(Svg svg, double bottom) {
    for (long tick : TICKS) {
      double at = scaled(tick);
      if (at < least || at > most) {
        continue;
      }
      double x = x(tick);
      svg.line(x, TOP, x, bottom, tick == 0 ? FAINT : GRID, tick == 0 ? 1.5 : 1);
      String label = tick > 0 ? "+" + tick : tick < 0 ? "\u2212" + -tick : "0";
      svg.text(x, bottom + 16, Anchor.MIDDLE, 11, FAINT, label);
    }
    svg.text(x(0), TOP - 6, Anchor.MIDDLE, 11, FAINT, "loss lost");
    svg.text(NEVER, TOP - 6, Anchor.MIDDLE, 11, FAINT, "no page");
    svg.text(
        (LEFT + RIGHT) / 2,
        bottom + 40,
        Anchor.MIDDLE,
        12,
        INK,
        "steps from the failure to the page (left of 0: before it; logarithmic to both sides)");
  }

  private void row(Svg svg, LeadTime time, double y) {
    String number = time.run().substring(time.run().lastIndexOf('-') + 1);
    svg.text(LEFT - 12, y + 4, Anchor.END, 10, FAINT, number);
    double from = x(time.onset());
    svg.rectangle(from, y - 4, x(time.deadline()) - from, 8, BAND);
    svg.cross(xOrNever(pagesOfQuiet.get(time.run())), y, 3.5, QUIETEST);
    svg.diamond(xOrNever(pagesOfBest.get(time.run())), y, 5, BEST);
    svg.disc(xOrNever(time.page()), y, 4, OURS);
  }

  private double xOrNever(@Nullable Long step) {
    return step == null ? NEVER : x(step);
  }

  private double x(long step) {
    return LEFT + (scaled(step) - least) / (most - least) * (RIGHT - LEFT);
  }

  private static double scaled(long step) {
    return Long.signum(step) * StrictMath.log10(1.0 + Math.abs((double) step));
  }
}
