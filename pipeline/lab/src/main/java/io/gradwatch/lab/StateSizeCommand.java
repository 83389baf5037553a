package io.gradwatch.lab;

import static java.util.Objects.requireNonNull;

import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.lab.SyntheticSteps.Reported;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code state-size}. */
@Command(
    name = "state-size",
    description = "Tells what the state of a healthy run takes in a checkpoint.")
final class StateSizeCommand implements Callable<Integer> {
  private static final int STEPS = 256;
  private static final int[] LAYERS = {0, 10, 100, 1_000};

  /** Without and with the most that are kept. */
  private static final int[] CHECKPOINTS = {0, 2};

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println("| layers | reported of each | checkpoints | bytes | bytes per layer |");
    out.println("|---|---|---|---|---|");
    for (Reported reported : Reported.values()) {
      for (int checkpoints : CHECKPOINTS) {
        int without = bytes(0, reported, checkpoints);
        for (int layers : LAYERS) {
          int bytes = bytes(layers, reported, checkpoints);
          out.printf(
              Locale.ROOT,
              "| %,d | %s | %d | %,d | %.0f |%n",
              layers,
              reported,
              checkpoints,
              bytes,
              (bytes - without) / (double) Math.max(1, layers));
        }
      }
    }
    out.flush();
    return 0;
  }

  /** Length of the binary form of the state after some steps and the checkpoints of the last. */
  private static int bytes(int layers, Reported reported, int checkpoints) {
    RunMonitor monitor = new RunMonitor(Policy.defaults());
    RunState state = new RunState();
    Observation[] steps = SyntheticSteps.of(STEPS, layers, reported);
    for (int step = 0; step < STEPS; step++) {
      monitor.accept(state, event(step, steps[step]));
      if (step >= STEPS - checkpoints) {
        monitor.accept(state, event(step, new RunEvent.CheckpointSaved("", step)));
      }
    }
    return state.toBytes().length;
  }

  private static RunEvent event(int step, RunEvent.Body body) {
    return new RunEvent("default", "run", 0, step, step, RunEvent.WHOLE_RUN, body);
  }
}
