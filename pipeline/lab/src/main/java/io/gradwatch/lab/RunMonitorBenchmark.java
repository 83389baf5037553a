package io.gradwatch.lab;

import static java.util.Objects.requireNonNull;

import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Cost of one step of one healthy run with the norms of every layer, all detectors on. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RunMonitorBenchmark {
  private static final int DIFFERENT_STEPS = 1_024;

  /** Layers of the run. */
  @Param({"10", "100", "1000"})
  int layers;

  /** Series of the run. */
  @Param SyntheticSteps.Reported reported = SyntheticSteps.Reported.GRADIENTS;

  private final RunMonitor monitor = new RunMonitor(Policy.defaults());
  private final RunState state = new RunState();
  private Observation[] observations = {};
  private float[] norms = {};
  private long step;

  /** Makes the observations that are fed round and round. */
  @Setup
  public void fill() {
    observations = SyntheticSteps.of(DIFFERENT_STEPS, layers, reported);
    norms = requireNonNull(observations[0].layers(LayerSeries.GRAD_NORM));
  }

  /** One event through every detector, the statistics and the advisor. */
  @Benchmark
  public Findings accept() {
    long at = step++;
    return monitor.accept(
        state,
        new RunEvent(
            "default",
            "run",
            0,
            at,
            at,
            RunEvent.WHOLE_RUN,
            observations[(int) (at % DIFFERENT_STEPS)]));
  }

  /** The floor: one logarithm and one multiply-add for every layer. */
  @Benchmark
  public double floor() {
    double level = 0;
    for (float norm : norms) {
      level += 0.03 * (StrictMath.log(norm) - level);
    }
    return level;
  }
}
