package io.gradwatch.console.model;

import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs to list, and in which order.
 *
 * @param project of this project only; empty: of any
 * @param states in one of these states only; empty: in any
 * @param text whose project, run, owner, tags or alarm have this in them, in any case; empty: any
 * @param order order of the list
 * @param descending whether it is turned round
 */
public record FleetQuery(
    String project, Set<RunState> states, String text, Order order, boolean descending) {

  /** All runs, those first that need a person most. */
  public static FleetQuery all() {
    return new FleetQuery("", Set.of(), "", Order.NEED, true);
  }

  /** What runs are sorted by. Runs that have no such number come last. */
  public enum Order {
    NEED,
    RUN,
    PROJECT,
    STEP,
    LOSS,
    NORM,
    GROWTH,
    CLIP,
    UPDATED;

    private boolean byName() {
      return this == RUN || this == PROJECT;
    }

    private @Nullable Double number(RunRow row) {
      return switch (this) {
        case NEED -> row.need();
        case STEP -> (double) row.step();
        case LOSS -> row.loss();
        case NORM -> row.gradNorm();
        case GROWTH -> row.growthRate();
        case CLIP -> row.clipShare();
        case UPDATED -> (double) row.updatedAt();
        case RUN, PROJECT -> null;
      };
    }

    /**
     * The order of this name.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Order of(String name) {
      for (Order order : values()) {
        if (order.name().toLowerCase(Locale.ROOT).equals(name)) {
          return order;
        }
      }
      throw new IllegalArgumentException(
          "sort is '"
              + name
              + "', must be need, run, project, step, loss, norm, growth, clip or updated");
    }
  }

  /** Whether a run is listed, whatever its state. */
  boolean takes(RunRow row) {
    return (project.isEmpty() || row.project().equals(project)) && hasText(row);
  }

  /** Whether a run is listed. */
  boolean takesState(RunRow row) {
    return states.isEmpty() || states.contains(row.state());
  }

  Comparator<RunRow> comparator() {
    Comparator<RunRow> first;
    if (order.byName()) {
      first = Comparator.comparing(order == Order.RUN ? RunRow::run : RunRow::project);
      first = descending ? first.reversed() : first;
    } else {
      // Sorted by a key that turns round with the order, so that runs without a number stay last.
      first =
          Comparator.comparingDouble(
              row -> {
                Double value = order.number(row);
                return value == null || value.isNaN()
                    ? Double.POSITIVE_INFINITY
                    : descending ? -value : value;
              });
    }
    return first.thenComparing(RunRow::project).thenComparing(RunRow::run);
  }

  private boolean hasText(RunRow row) {
    if (text.isEmpty()) {
      return true;
    }
    String sought = text.toLowerCase(Locale.ROOT);
    return has(row.run(), sought)
        || has(row.project(), sought)
        || has(row.owner(), sought)
        || (row.alarm() != null && has(row.alarm().kind(), sought))
        || row.tags().entrySet().stream()
            .anyMatch(tag -> has(tag.getKey() + "=" + tag.getValue(), sought));
  }

  private static boolean has(String text, String sought) {
    return text.toLowerCase(Locale.ROOT).contains(sought);
  }
}
