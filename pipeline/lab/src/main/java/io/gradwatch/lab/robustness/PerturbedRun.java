package io.gradwatch.lab.robustness;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A recorded run told differently. */
final class PerturbedRun implements RecordedRun {
  private final RecordedRun run;
  private final Perturbation perturbation;

  PerturbedRun(RecordedRun run, Perturbation perturbation) {
    this.run = run;
    this.perturbation = perturbation;
  }

  @Override
  public String runId() {
    return run.runId();
  }

  @Override
  public @Nullable TrainingEvent next() throws IOException {
    for (TrainingEvent event = run.next(); event != null; event = run.next()) {
      TrainingEvent told = perturbation.apply(event);
      if (told != null) {
        return told;
      }
    }
    return null;
  }

  @Override
  public double progress() {
    return run.progress();
  }

  @Override
  public void close() throws IOException {
    run.close();
  }
}
