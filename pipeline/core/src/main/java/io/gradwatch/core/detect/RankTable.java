package io.gradwatch.core.detect;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import java.util.Arrays;

/**
 * What the ranks of a run told, for those that speak for themselves: how far each is, and loss and
 * norm of the few steps that are being compared. Ranks come in any order and some steps apart; the
 * one that is ahead opens a step, which is compared once every rank has passed it. While {@link
 * #OPEN} steps wait for ranks that are behind, later ones are left out.
 *
 * <p>{@value #CELLS} numbers and a slot a rank that was heard of and has not ended, in the order of
 * ranks, so that what is kept does not depend on which came first; ranks from {@link #MOST} on are
 * left out. Empty, and that costs nothing, where no event has a rank.
 */
public final class RankTable implements State {
  /** Ranks that are looked at. */
  static final int MOST = 4_096;

  /** Steps that are compared at a time. */
  static final int OPEN = 4;

  /** Observations, at the rank's own interval, after which a rank that stays behind is missing. */
  static final double MISSING = 100;

  /** Observations after which a rank has an interval. */
  private static final double KNOWN = 3;

  /** Newest step plus 1; 0: never heard of. */
  private static final int NEXT = 0;

  private static final int COUNT = 1;

  /** Mean distance of its observations in steps. */
  private static final int INTERVAL = 2;

  /** 1 for one that is missing. */
  private static final int GONE = 3;

  /** First of the cells that {@link RankComparison} learns. */
  static final int COMPARED = 4;

  /** First of the cells of open steps: loss and ln(norm) of each, NaN where it was not told. */
  static final int VALUES = COMPARED + RankComparison.CELLS;

  static final int CELLS = VALUES + 2 * OPEN;

  /** Weight of a new distance in the mean. */
  private static final double WEIGHT = 0.1;

  /** Stands for a norm of 0, so that its logarithm is a number. */
  private static final double LEAST_NORM = 1e-300;

  /** The rank of each slot, in rising order; only the first {@link #size} count. */
  private int[] ranks = {};

  /** Numbers of each slot; only those of the first {@link #size} slots count. */
  private double[] cells = {};

  private int size;

  /** Of each open step: the step plus 1 (0: none), ranks that passed it, ranks that told it. */
  private double[] open = {};

  private static final int PER_OPEN = 3;

  /** Step plus 1 of the rank that is ahead, and from which on to look for missing ones again. */
  private long lead;

  private long lookAt;
  private int heard;
  private int gone;
  private double[] verdict = {};

  @Override
  public void fields(StateCodec codec) {
    // A snapshot walks these fields while the run goes on: what is only written stays as it is.
    double[] written = used();
    double[] walked = codec.f64s(written);
    cells = walked == written ? cells : walked;
    open = codec.f64s(open);
    lead = codec.i64(lead);
    lookAt = codec.i64(lookAt);
    heard = codec.i32(heard);
    gone = codec.i32(gone);
    verdict = codec.f64s(verdict);
    if (codec.since(4)) {
      int slots = codec.i32(size);
      ranks = slots > ranks.length ? new int[slots] : ranks;
      size = slots;
      for (int slot = 0; slot < slots; slot++) {
        ranks[slot] = codec.i32(ranks[slot]);
      }
    } else {
      keepHeard();
    }
  }

  private double[] used() {
    return cells.length == size * CELLS ? cells : Arrays.copyOf(cells, size * CELLS);
  }

  /** Before version 4 there was a slot for each rank up to the highest that was heard of. */
  private void keepHeard() {
    ranks = new int[cells.length / CELLS];
    size = 0;
    for (int rank = 0; rank < ranks.length; rank++) {
      if (cells[rank * CELLS + NEXT] > 0) {
        System.arraycopy(cells, rank * CELLS, cells, size * CELLS, CELLS);
        ranks[size++] = rank;
      }
    }
    cells = used();
  }

  /** Forgets all: another attempt may have other ranks. */
  void clear() {
    ranks = new int[0];
    cells = new double[0];
    size = 0;
    open = new double[0];
    lead = 0;
    lookAt = 0;
    heard = 0;
    gone = 0;
    verdict = new double[0];
  }

  /** Takes what a rank told of a step; false for one that it told before, which changes nothing. */
  boolean take(int rank, long step, Observation observation) {
    if (rank >= MOST) {
      return false;
    }
    int known = slot(rank);
    long before = known < 0 ? 0 : (long) cells[known * CELLS + NEXT];
    if (step < before) {
      return false;
    }
    int at = (known < 0 ? insert(-known - 1, rank) : known) * CELLS;
    if (before == 0 || cells[at + GONE] > 0) {
      heard += before == 0 ? 1 : 0;
      gone -= (int) cells[at + GONE];
      cells[at + GONE] = 0;
      lookAt = 0;
    }
    if (before > 0) {
      double weight = Math.max(WEIGHT, 1 / cells[at + COUNT]);
      cells[at + INTERVAL] += weight * (step + 1 - before - cells[at + INTERVAL]);
    }
    cells[at + COUNT]++;
    cells[at + NEXT] = step + 1;
    if (step + 1 > lead) {
      lead = step + 1;
      open(step);
    }
    pass(at, before, step, observation);
    if (lead >= lookAt) {
      look();
    }
    return true;
  }

  /** Slot of a rank; one that has none: the slot that it would have, below 0, less 1. */
  private int slot(int rank) {
    return Arrays.binarySearch(ranks, 0, size, rank);
  }

  private int insert(int slot, int rank) {
    if (size == ranks.length || (size + 1) * CELLS > cells.length) {
      int room = Math.min(MOST, size + size / 2 + 1);
      ranks = Arrays.copyOf(ranks, room);
      cells = Arrays.copyOf(cells, room * CELLS);
    }
    System.arraycopy(ranks, slot, ranks, slot + 1, size - slot);
    System.arraycopy(cells, slot * CELLS, cells, (slot + 1) * CELLS, (size - slot) * CELLS);
    ranks[slot] = rank;
    Arrays.fill(cells, slot * CELLS, slot * CELLS + VALUES, 0);
    Arrays.fill(cells, slot * CELLS + VALUES, (slot + 1) * CELLS, Double.NaN);
    size++;
    open = Arrays.copyOf(open, OPEN * PER_OPEN);
    verdict = Arrays.copyOf(verdict, RankComparison.VERDICT);
    return slot;
  }

  private void remove(int slot) {
    size--;
    System.arraycopy(ranks, slot + 1, ranks, slot, size - slot);
    System.arraycopy(cells, (slot + 1) * CELLS, cells, slot * CELLS, (size - slot) * CELLS);
  }

  private void open(long step) {
    for (int i = 0; i < OPEN; i++) {
      if (open[i * PER_OPEN] == 0) {
        open[i * PER_OPEN] = step + 1;
        open[i * PER_OPEN + 1] = 0;
        open[i * PER_OPEN + 2] = 0;
        for (int at = VALUES + 2 * i; at < size * CELLS; at += CELLS) {
          cells[at] = Double.NaN;
          cells[at + 1] = Double.NaN;
        }
        return;
      }
    }
  }

  /** Marks the open steps that the rank whose cells are there has passed now. */
  private void pass(int at, long before, long step, Observation observation) {
    for (int i = 0; i < OPEN; i++) {
      double of = open[i * PER_OPEN];
      if (of > before && of <= step + 1) {
        open[i * PER_OPEN + 1]++;
        if (of == step + 1) {
          open[i * PER_OPEN + 2]++;
          double norm = observation.get(Scalar.GRAD_NORM);
          cells[at + VALUES + 2 * i] = told(observation, Scalar.LOSS, observation.get(Scalar.LOSS));
          cells[at + VALUES + 2 * i + 1] =
              told(observation, Scalar.GRAD_NORM, StrictMath.log(Math.max(LEAST_NORM, norm)));
        }
      }
    }
  }

  /** A number that is not finite stands as infinity, one that was not reported as NaN. */
  private static double told(Observation observation, Scalar scalar, double value) {
    if (!observation.has(scalar)) {
      return Double.NaN;
    }
    return Double.isFinite(value) ? value : Double.POSITIVE_INFINITY;
  }

  /** Place of an open step that every rank has passed; -1: none. */
  int complete() {
    for (int i = 0; i < open.length / PER_OPEN; i++) {
      if (open[i * PER_OPEN] > 0 && open[i * PER_OPEN + 1] >= heard - gone) {
        return i;
      }
    }
    return -1;
  }

  /** The step that is open in a place. */
  long step(int place) {
    return (long) open[place * PER_OPEN] - 1;
  }

  /** Ranks that told an open step. */
  int told(int place) {
    return (int) open[place * PER_OPEN + 2];
  }

  /** Makes the place of a step free for another. */
  void close(int place) {
    open[place * PER_OPEN] = 0;
  }

  /** Looks for ranks that stay behind; seldom, as it goes through all of them. */
  private void look() {
    lookAt = Long.MAX_VALUE;
    double usual = longestInterval();
    for (int at = 0; at < size * CELLS; at += CELLS) {
      if (cells[at + GONE] > 0) {
        continue;
      }
      double interval = cells[at + COUNT] >= KNOWN ? cells[at + INTERVAL] : usual;
      if (interval == 0) {
        lookAt = lead + 1;
        continue;
      }
      double due = cells[at + NEXT] + MISSING * Math.max(1, interval);
      if (lead > due) {
        cells[at + GONE] = 1;
        gone++;
      } else {
        lookAt = Math.min(lookAt, (long) Math.max(lead + 1.0, due + 1));
      }
    }
  }

  /** Of the ranks that have one; it stands in for that of ranks that stopped before. 0: none. */
  private double longestInterval() {
    double longest = 0;
    for (int at = 0; at < size * CELLS; at += CELLS) {
      if (cells[at + COUNT] >= KNOWN) {
        longest = Math.max(longest, cells[at + INTERVAL]);
      }
    }
    return longest;
  }

  /** Takes a rank out that has ended: it is not expected to go on. */
  public void end(int rank) {
    int slot = slot(rank);
    if (slot < 0) {
      return;
    }
    int at = slot * CELLS;
    heard--;
    gone -= (int) cells[at + GONE];
    for (int i = 0; i < OPEN; i++) {
      if (open[i * PER_OPEN] > 0 && open[i * PER_OPEN] <= cells[at + NEXT]) {
        open[i * PER_OPEN + 1]--;
        boolean told =
            !Double.isNaN(cells[at + VALUES + 2 * i])
                || !Double.isNaN(cells[at + VALUES + 2 * i + 1]);
        open[i * PER_OPEN + 2] -= told ? 1 : 0;
      }
    }
    remove(slot);
  }

  /** All numbers of all slots, {@link #CELLS} each, and what there is room for beyond. */
  double[] cells() {
    return cells;
  }

  /** Cells of what the last comparison found. */
  double[] verdict() {
    return verdict;
  }

  /** The rank that left the others first within the last hundred steps; -1: none did. */
  public int firstApart() {
    boolean any = verdict.length > 0 && verdict[RankComparison.FIRST] > 0;
    return any && lead - firstApartSince() <= RankComparison.REMEMBERED_STEPS
        ? (int) verdict[RankComparison.FIRST] - 1
        : -1;
  }

  /** First step at which that rank stood apart. */
  public long firstApartSince() {
    return (long) verdict[RankComparison.FIRST_ONSET];
  }

  /** Ranks that were heard of and have not ended. */
  int heard() {
    return heard;
  }

  /**
   * Ranks that stay behind while others go on; 0 where most do, as those were not meant to go on.
   */
  public int missing() {
    return 2 * gone <= heard ? gone : 0;
  }

  /** True when the rank is one of those. */
  public boolean isMissing(int rank) {
    int slot = missing() > 0 ? slot(rank) : -1;
    return slot >= 0 && cells[slot * CELLS + GONE] > 0;
  }

  /** Newest step of the rank of a slot. */
  long lastStep(int slot) {
    return (long) cells[slot * CELLS + NEXT] - 1;
  }

  /** The rank of a slot. */
  int rank(int slot) {
    return ranks[slot];
  }

  /** Slots: ranks that were heard of and have not ended. */
  int size() {
    return size;
  }
}
