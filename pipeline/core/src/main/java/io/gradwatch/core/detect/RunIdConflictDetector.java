package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.policy.RunIdConflictPolicy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RUN_ID_CONFLICT: two trainings publish under one run id and attempt. Only the writer that is
 * ahead is judged; what the other one tells of steps that were taken before changes nothing but
 * this.
 *
 * <p>A sign is a step that comes again with another loss or norm, or that lies in a gap which was
 * passed, right after a new step: one writer that went back without a new attempt does that once,
 * two writers do it again and again. Repeats that are equal (retries, a replay) are none; nor are
 * repeats further back of which nothing is known, unless the last that could be compared differed.
 * The newest step told several times is no sign either, as micro-steps are told so: two writers
 * that keep pace are seen where one tells a step after the other has told the next. Signs fade as
 * new steps come. The other evidence are starts that are announced in turn with different tags,
 * framework or owner (A, B, A, B).
 *
 * <p>Remembered for the comparison are the first few observations of the attempt, as two that began
 * alike pass through them, and the newest ones. Loss and norm differ from 0.1 % on, so that the
 * same number in fewer digits is the same.
 */
public final class RunIdConflictDetector implements Detector {
  /** First observations that are remembered. */
  private static final int FIRST = 4;

  /** Newest observations that are remembered: as many as wait for their turn. */
  private static final int NEWEST = 8;

  private static final int REMEMBERED = FIRST + NEWEST;

  /** Cells of what is remembered of a step: step plus 1, loss, norm. */
  private static final int PER_STEP = 3;

  /** Relative difference from which on two numbers are not the same. */
  private static final double DIFFERENCE = 1e-3;

  /** What a new step takes from the signs: batches of fifty steps in turn still add up. */
  private static final double FADING = 0.02;

  /** Signs that count at most, so that the alarm ends some hundred steps after the other writer. */
  private static final double MOST = 10;

  /** Returns to an earlier announcement from which on two writers announce themselves. */
  private static final double RETURNS = 2;

  private static final int COUNT = 0;

  /** Newest step plus 1. */
  private static final int NEXT = 1;

  private static final int SIGNS = 2;

  /** 1 from a new step to the next sign. */
  private static final int FRESH = 3;

  /** 1 where the last repeat that could be compared differed. */
  private static final int DIFFERS = 4;

  /** The gap that was passed last: its first step and the one after it. */
  private static final int GAP = 5;

  private static final int GAP_END = 6;

  /** The last repeat that differed: its step, its loss and the loss taken. */
  private static final int STEP = 7;

  private static final int LOSS = 8;
  private static final int LOSS_TAKEN = 9;

  /** Hash of the newest announcement and of the other one before it; 0: none. */
  private static final int ANNOUNCED = 10;

  private static final int ANNOUNCED_BEFORE = 11;
  private static final int RETURNED = 12;
  private static final int STEPS = 13;

  private final RunIdConflictPolicy policy;

  public RunIdConflictDetector(RunIdConflictPolicy policy) {
    this.policy = policy;
  }

  @Override
  public AlarmKind kind() {
    return AlarmKind.RUN_ID_CONFLICT;
  }

  @Override
  public int cells(int layers) {
    return STEPS + REMEMBERED * PER_STEP;
  }

  @Override
  public void beginAttempt(double[] memory) {
    Arrays.fill(memory, 0);
  }

  @Override
  public void start(RunEvent.Started started, double[] memory) {
    int hash = 31 * started.tags().hashCode() + started.framework().hashCode();
    double announced = 31 * hash + started.owner().hashCode() + 0.5;
    if (announced == memory[ANNOUNCED]) {
      memory[RETURNED] = 0;
      return;
    }
    memory[RETURNED] = announced == memory[ANNOUNCED_BEFORE] ? memory[RETURNED] + 1 : 0;
    memory[ANNOUNCED_BEFORE] = memory[ANNOUNCED];
    memory[ANNOUNCED] = announced;
  }

  @Override
  public void repeat(long step, Observation observation, double[] memory) {
    if (step + 1 >= memory[NEXT]) {
      // Micro-steps of the newest step: that they differ says nothing of older ones either.
      return;
    }
    compare(step, observation, memory);
    boolean inGap = step >= memory[GAP] && step < memory[GAP_END];
    if (memory[FRESH] > 0 && (memory[DIFFERS] > 0 || inGap)) {
      memory[SIGNS] = Math.min(MOST, memory[SIGNS] + 1);
      memory[STEP] = step;
      memory[FRESH] = 0;
    }
  }

  private static void compare(long step, Observation observation, double[] memory) {
    for (int i = 0; i < REMEMBERED; i++) {
      int at = STEPS + i * PER_STEP;
      if (memory[at] == step + 1) {
        double loss = observation.get(Scalar.LOSS);
        double norm = observation.get(Scalar.GRAD_NORM);
        boolean differs = differ(loss, memory[at + 1]) || differ(norm, memory[at + 2]);
        memory[DIFFERS] = differs ? 1 : 0;
        if (differs) {
          memory[LOSS] = loss;
          memory[LOSS_TAKEN] = memory[at + 1];
        }
        return;
      }
    }
  }

  /** False where one of the two was not reported, or is no number. */
  private static boolean differ(double one, double other) {
    return Math.abs(one - other) > DIFFERENCE * Math.max(Math.abs(one), Math.abs(other));
  }

  @Override
  public @Nullable Severity judge(Reading reading, RunSeries series, double[] memory) {
    long step = reading.step();
    double interval = series.counters().stepInterval();
    if (memory[COUNT] > 0 && step - memory[NEXT] > NEWEST * interval) {
      memory[GAP] = memory[NEXT];
      memory[GAP_END] = step;
    }
    double count = memory[COUNT]++;
    int slot = (int) (count < FIRST ? count : FIRST + count % NEWEST);
    int at = STEPS + slot * PER_STEP;
    memory[at] = step + 1;
    memory[at + 1] = reading.loss();
    memory[at + 2] = reading.observation().get(Scalar.GRAD_NORM);
    memory[NEXT] = step + 1;
    memory[FRESH] = 1;
    memory[SIGNS] = Math.max(0, memory[SIGNS] - FADING);
    boolean conflict = memory[SIGNS] > policy.repeats() - 0.5 || memory[RETURNED] >= RETURNS;
    return conflict ? Severity.WARNING : null;
  }

  @Override
  public Condition describe(
      Reading reading, RunSeries series, double[] memory, Surroundings surroundings) {
    boolean announced = memory[RETURNED] >= RETURNS;
    return new Condition(
        announced ? reading.step() : (long) memory[STEP],
        List.of(
            new Evidence("repeated_step", memory[SIGNS] > 0 ? memory[STEP] : Double.NaN),
            new Evidence("loss", memory[SIGNS] > 0 ? memory[LOSS_TAKEN] : Double.NaN),
            new Evidence("loss_repeated", memory[SIGNS] > 0 ? memory[LOSS] : Double.NaN)),
        List.of(),
        new Remedies(surroundings)
            .add(
                ActionKind.OTHER,
                "Give each training a run id of its own, or stop the one that is not meant; where"
                    + " several ranks of one training publish, let each tell its rank, or rank 0"
                    + " alone publish; raise the attempt at every restart.")
            .add(ActionKind.CHECK_HOST, "Look for a second process of this run on other hosts.")
            .list(),
        announced
            ? Words.sentence(
                "Two trainings publish under this run id: their starts are announced in turn;"
                    + " the one that is ahead is judged.")
            : Words.sentence(
                "Two trainings seem to publish under this run id: steps that were taken (%d the"
                    + " last) come again with other values between new ones; the one that is ahead"
                    + " is judged.",
                (long) memory[STEP]));
  }
}
