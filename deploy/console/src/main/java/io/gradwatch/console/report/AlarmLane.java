package io.gradwatch.console.report;

import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.report.Canvas.Anchor;
import io.gradwatch.console.report.Canvas.Lettering;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Alarms of a run as bars over the steps that they lasted, the gravest in the upper rows. */
final class AlarmLane {
  private static final int MOST_ROWS = 7;
  private static final double ROW = 22;
  private static final double SIZE = 11;
  private static final List<String> GRAVEST_FIRST = List.of("CRITICAL", "WARNING", "INFO");

  /** One alarm on its row. */
  private record Placed(AlarmView alarm, String label, double begin, double end, int row) {}

  private final List<Placed> placed = new ArrayList<>();
  private final long newestStep;
  private int rows;
  private int hidden;

  /**
   * @param newestStep up to where an open alarm lasts
   */
  AlarmLane(List<AlarmView> alarms, Scale x, long newestStep) {
    this.newestStep = newestStep;
    List<Double> ends = new ArrayList<>();
    alarms.stream()
        .sorted(
            Comparator.comparingInt((AlarmView alarm) -> GRAVEST_FIRST.indexOf(alarm.severity()))
                .thenComparingLong(AlarmView::onsetStep))
        .forEach(alarm -> place(alarm, x, ends));
    rows = ends.size();
  }

  private void place(AlarmView alarm, Scale x, List<Double> ends) {
    String label = Numbers.words(alarm.kind()) + " from " + Numbers.step(alarm.onsetStep());
    double begin = Math.min(Plot.RIGHT, Math.max(Plot.LEFT, x.at((double) alarm.onsetStep())));
    double end =
        Math.min(Plot.RIGHT, Math.max(begin + 3, x.at((double) lastStep(alarm, newestStep))));
    double width = Legend.width(label, SIZE);
    double left = Math.min(begin, Plot.RIGHT - width);
    double right = Math.max(end, left + width) + 12;
    int row = 0;
    while (row < ends.size() && overlaps(row, left, right)) {
      row++;
    }
    if (row >= MOST_ROWS) {
      hidden++;
      return;
    }
    if (row == ends.size()) {
      ends.add(right);
    }
    placed.add(new Placed(alarm, label, begin, end, row));
  }

  private boolean overlaps(int row, double left, double right) {
    for (Placed other : placed) {
      double width = Legend.width(other.label(), SIZE);
      double otherLeft = Math.min(other.begin(), Plot.RIGHT - width);
      double otherRight = Math.max(other.end(), otherLeft + width) + 12;
      if (other.row() == row && left < otherRight && otherLeft < right) {
        return true;
      }
    }
    return false;
  }

  /** The step up to which an alarm lasts. */
  static long lastStep(AlarmView alarm, long newestStep) {
    return alarm.status() == AlarmStatus.RESOLVED
        ? alarm.step()
        : Math.max(alarm.step(), newestStep);
  }

  /** Room that it takes. */
  double height() {
    return rows * ROW + (rows > 0 ? 26 : 0);
  }

  void draw(Canvas canvas, double top) {
    if (rows == 0) {
      return;
    }
    canvas.text(
        Plot.LEFT,
        top,
        "Alarms" + (hidden > 0 ? " (" + hidden + " of them not shown)" : ""),
        new Lettering(13, Ink.TEXT, Anchor.START, true));
    for (Placed each : placed) {
      Ink ink = Ink.ofSeverity(each.alarm().severity());
      double y = top + 8 + each.row() * ROW;
      boolean fits = each.begin() + Legend.width(each.label(), SIZE) <= Plot.RIGHT;
      canvas.text(
          fits ? each.begin() : Plot.RIGHT,
          y + 11,
          each.label(),
          Lettering.plain(SIZE, ink, fits ? Anchor.START : Anchor.END));
      canvas.fill(each.begin(), y + 15, each.end() - each.begin(), 4, ink);
    }
  }
}
