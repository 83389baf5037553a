package io.gradwatch.lab;

import static java.util.Objects.requireNonNull;

import com.sun.management.ThreadMXBean;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.lab.SyntheticSteps.Reported;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code step-cost}. Steps and the floor take turns in short rounds and the thread's own time is
 * counted, so that ratios stand also where other work takes the processor away, as JMH's times do
 * not.
 */
@Command(
    name = "step-cost",
    description = {
      "Tells what a step of a healthy run costs the core, with all detectors on, beside a floor of"
          + " one logarithm and one multiply-add for each gradient norm: medians of the rounds of"
          + " processor time. Besides, the bytes that a step without findings allocates."
    })
final class StepCostCommand implements Callable<Integer> {
  private static final int DIFFERENT_STEPS = 1_024;

  /** Layer values of a round, whatever the shape. */
  private static final int VALUES_PER_ROUND = 200_000;

  private static final int ROUNDS_TO_WARM_UP = 60;
  private static final int STEPS_LOOKED_AT = 10_000;

  /** Steps after which a run is one that stands still: young runs are told more of. */
  private static final int STEPS_TO_GROW_UP = 300;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Option(
      names = "--layers",
      split = ",",
      paramLabel = "N",
      description = "Layers of the run. Default: 10,100,1000.")
  private List<Integer> layers = List.of(10, 100, 1_000);

  @Option(
      names = "--runs",
      split = ",",
      paramLabel = "N",
      description =
          "Runs whose steps come by turns: states that do not fit the processor's caches cost more."
              + " Default: 1.")
  private List<Integer> runs = List.of(1);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds that count. Default: ${DEFAULT-VALUE}.")
  private int rounds = 40;

  @Spec private @Nullable CommandSpec spec;

  private double sink;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(
        "| layers | reported of each | runs | ns a step | floor | times the floor | bytes a quiet step |");
    out.println("|---|---|---|---|---|---|---|");
    for (Reported reported : Reported.values()) {
      for (int count : layers) {
        for (int fleet : runs) {
          Cost cost = measure(count, fleet, reported);
          out.printf(
              Locale.ROOT,
              "| %,d | %s | %,d | %,.0f | %,.0f | %.2f | %.1f |%n",
              count,
              reported,
              fleet,
              median(cost.step()),
              median(cost.floor()),
              median(cost.ratio()),
              cost.allocated());
          out.flush();
        }
      }
    }
    if (Double.isNaN(sink)) {
      throw new IllegalStateException("the floor is not a number");
    }
    return 0;
  }

  /** Nanoseconds of processor time a step, round by round, and bytes a quiet step. */
  private record Cost(double[] step, double[] floor, double[] ratio, double allocated) {}

  private Cost measure(int layerCount, int fleet, Reported reported) {
    RunEvent[] events = events(layerCount, reported);
    RunMonitor monitor = new RunMonitor(Policy.defaults());
    RunState[] states = Stream.generate(RunState::new).limit(fleet).toArray(RunState[]::new);
    int steps = VALUES_PER_ROUND / layerCount + 1;
    double[] step = new double[rounds];
    double[] floor = new double[rounds];
    double[] ratio = new double[rounds];
    long next = 0;
    for (; next < (long) fleet * STEPS_TO_GROW_UP; next++) {
      monitor.accept(states[(int) (next % fleet)], at(events, next / fleet));
    }
    for (int round = -ROUNDS_TO_WARM_UP; round < rounds; round++) {
      RunEvent[] batch = batch(events, next, steps, fleet);
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < steps; i++) {
        monitor.accept(states[(int) ((next + i) % fleet)], batch[i]);
      }
      long middle = THREADS.getCurrentThreadCpuTime();
      for (RunEvent event : batch) {
        sink += floor(event);
      }
      long end = THREADS.getCurrentThreadCpuTime();
      next += steps;
      if (round >= 0) {
        step[round] = (middle - start) / (double) steps;
        floor[round] = (end - middle) / (double) steps;
        ratio[round] = (middle - start) / (double) (end - middle);
      }
    }
    return new Cost(
        step, floor, ratio, allocated(monitor, states[0], batch(events, next, STEPS_LOOKED_AT, 1)));
  }

  /** Mean bytes that a step without findings allocates. */
  private static double allocated(RunMonitor monitor, RunState state, RunEvent[] steps) {
    long quiet = 0;
    long allocated = 0;
    for (RunEvent step : steps) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      Findings findings = monitor.accept(state, step);
      long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (findings.alarms().isEmpty()
          && findings.recommendations().isEmpty()
          && findings.statistics().isEmpty()) {
        quiet++;
        allocated += bytes;
      }
    }
    return allocated / (double) quiet;
  }

  private static RunEvent[] events(int layerCount, Reported reported) {
    Observation[] observations = SyntheticSteps.of(DIFFERENT_STEPS, layerCount, reported);
    RunEvent[] events = new RunEvent[DIFFERENT_STEPS];
    for (int i = 0; i < DIFFERENT_STEPS; i++) {
      events[i] = new RunEvent("default", "run", 0, i, i, RunEvent.WHOLE_RUN, observations[i]);
    }
    return events;
  }

  /** The next steps of all runs by turns, made before the clock runs. */
  private static RunEvent[] batch(RunEvent[] events, long from, int count, int fleet) {
    RunEvent[] batch = new RunEvent[count];
    for (int i = 0; i < count; i++) {
      batch[i] = at(events, (from + i) / fleet);
    }
    return batch;
  }

  private static RunEvent at(RunEvent[] events, long step) {
    RunEvent.Body body = events[(int) (step % events.length)].body();
    return new RunEvent("default", "run", 0, step, step, RunEvent.WHOLE_RUN, body);
  }

  private static double floor(RunEvent event) {
    double level = 0;
    for (float norm : requireNonNull(((Observation) event.body()).layers(LayerSeries.GRAD_NORM))) {
      level += 0.03 * (StrictMath.log(norm) - level);
    }
    return level;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
