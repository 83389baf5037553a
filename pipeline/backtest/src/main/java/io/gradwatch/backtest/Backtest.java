package io.gradwatch.backtest;

import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunWatch;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import io.gradwatch.traces.RecordedRuns;
import io.gradwatch.wire.EventMapper;
import io.gradwatch.wire.UndecodableException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Recorded runs straight through the core, with the checks and the normalisation of the job and the
 * order of the recording: what it finds is what the job publishes for the same events.
 *
 * <p>Holds nothing from one file to the next; not safe for use by several threads at once.
 */
public final class Backtest {
  private final String project;
  private final PolicyBook policies;

  /**
   * @param project the project the runs count as
   * @param policies the settings they are judged by
   */
  public Backtest(String project, PolicyBook policies) {
    this.project = project;
    this.policies = policies;
  }

  /**
   * Reads one file to its end. A file that cannot be read is told in the report, with what had been
   * found before.
   */
  public RunReport run(Path file, FindingsConsumer consumer) {
    RecordedRun run;
    try {
      run = RecordedRuns.open(file);
    } catch (IOException e) {
      RunReport report =
          new RunReport(file.toString(), "", 0, 0, -1, FailureText.of(file.toString(), e));
      consumer.finished(report);
      return report;
    }
    return run(file.toString(), run, consumer);
  }

  /**
   * Reads an open recording to its end and closes it.
   *
   * @param source where it is recorded, for a person
   */
  public RunReport run(String source, RecordedRun run, FindingsConsumer consumer) {
    Reading reading = new Reading(source, run.runId(), consumer);
    String failure = null;
    try (run) {
      reading.readAll(run);
    } catch (IOException e) {
      failure = FailureText.of(source, e);
    }
    RunReport report =
        new RunReport(
            source, run.runId(), reading.events, reading.refused, reading.newestStep, failure);
    consumer.finished(report);
    return report;
  }

  /** One pass over one recording, which is one run. */
  private final class Reading {
    private final String source;
    private final FindingsConsumer consumer;
    private final RunWatch watch;
    private long events;
    private long refused;
    private long newestStep = -1;

    Reading(String source, String runId, FindingsConsumer consumer) {
      this.source = source;
      this.consumer = consumer;
      this.watch = new RunWatch(policies, project, runId);
    }

    void readAll(RecordedRun run) throws IOException {
      for (TrainingEvent event = run.next(); event != null; event = run.next()) {
        try {
          accept(EventMapper.toCore(project, event));
        } catch (UndecodableException e) {
          refused++;
          String place = "event " + (events + refused) + " (step " + event.getStep() + ")";
          consumer.refused(new Refusal(source, place, String.valueOf(e.getMessage())));
        }
      }
    }

    private void accept(RunEvent event) {
      events++;
      newestStep = Math.max(newestStep, event.step());
      Findings findings = watch.accept(event);
      findings.alarms().forEach(consumer::alarm);
      findings.recommendations().forEach(consumer::recommendation);
      findings.statistics().forEach(consumer::statistics);
    }
  }
}
