package io.gradwatch.jobs;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.functions.MonitorLimits;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.BundledRuns;
import io.gradwatch.traces.RecordedRun;
import io.gradwatch.wire.EventDecoder;
import io.gradwatch.wire.RecordEncoder;
import io.gradwatch.wire.UndecodableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Events to feed a job with. */
public final class Samples {
  /** Topic of the events of the default project. */
  public static final String EVENTS = Topics.events(Topics.DEFAULT_PROJECT);

  /** Fewer than most samples have, so that room is made for others. */
  public static final int HELD_RUNS = 2;

  /** Bounds that no sample comes near, but for large dead letters and runs that are held. */
  public static final MonitorLimits LIMITS =
      new MonitorLimits(
          DeadLetters.MIN_BYTES,
          Duration.ofDays(7),
          1_000,
          1_000,
          HELD_RUNS,
          MonitorLimits.ANY_AGE);

  private static final RecordCodec<TrainingEvent> CODEC;
  private static final EventDecoder DECODER;

  static {
    AvroLimits.ensure(); // before anything else of Avro, as every process of ours does
    CODEC = RecordCodec.of(TrainingEvent.class);
    DECODER = new EventDecoder();
  }

  private Samples() {}

  /** One event as it is sent. */
  public record Sent(String runId, byte[] value) {}

  /** A run of so many steps whose norm doubles every 8 steps from the middle on. */
  public static List<Sent> explodingRun(String runId, int steps) {
    return run(runId, steps, steps / 2, Map.of());
  }

  /**
   * A run of so many steps with tags.
   *
   * @param growsFrom step from which its norm doubles every 8 steps
   */
  public static List<Sent> run(String runId, int steps, int growsFrom, Map<String, String> tags) {
    List<Sent> events = new ArrayList<>();
    events.add(
        event(
            runId,
            0,
            RunStarted.newBuilder().setLayerNames(List.of("in", "out")).setTags(tags).build()));
    for (int step = 0; step < steps; step++) {
      double growth = Math.pow(2, Math.max(0, step - growsFrom) / 8.0);
      double norm = (1 + 0.1 * Math.sin(step)) * growth;
      events.add(
          event(
              runId,
              step,
              StepCompleted.newBuilder()
                  .setLoss(2 + 0.1 * Math.cos(step))
                  .setGradNorm(norm)
                  .setLayerGradNorms(List.of((float) norm / 2, (float) norm / 3))
                  .setMetrics(Map.of("accuracy", 0.5))
                  .build()));
    }
    events.add(event(runId, steps, new RunEnded(RunOutcome.FAILED)));
    return events;
  }

  /** One event. */
  public static Sent event(String runId, long step, Object body) {
    return sent(
        TrainingEvent.newBuilder()
            .setRunId(runId)
            .setStep(step)
            .setEmittedAt(emittedAt(step))
            .setBody(body)
            .build());
  }

  /** When the events of a step say that they were made, in milliseconds since 1970. */
  static long emittedAt(long step) {
    return 1_700_000_000_000L + step;
  }

  /** An event as it is sent. */
  static Sent sent(TrainingEvent event) {
    return new Sent(event.getRunId(), CODEC.encode(event));
  }

  /**
   * The bundled recorded runs and a restless one, interleaved event by event as a fleet would send
   * them.
   */
  public static List<Sent> fleet() throws IOException {
    List<List<Sent>> runs = new ArrayList<>();
    for (String name : BundledRuns.names()) {
      runs.add(bundledRun(name));
    }
    runs.add(RestlessRun.sent());
    List<Sent> fleet = new ArrayList<>();
    int longest = runs.stream().mapToInt(List::size).max().orElseThrow();
    for (int i = 0; i < longest; i++) {
      for (List<Sent> run : runs) {
        if (i < run.size()) {
          fleet.add(run.get(i));
        }
      }
    }
    return fleet;
  }

  private static List<Sent> bundledRun(String name) throws IOException {
    List<Sent> events = new ArrayList<>();
    try (RecordedRun run = BundledRuns.open(name)) {
      TrainingEvent event = run.next();
      while (event != null) {
        events.add(sent(event));
        event = run.next();
      }
    }
    return events;
  }

  /** An event as the core sees it. */
  public static RunEvent decoded(String project, Sent event) {
    try {
      return DECODER.decode(project, event.value());
    } catch (UndecodableException e) {
      throw new AssertionError("a sample cannot be decoded", e);
    }
  }

  /** An event as the source hands it on. */
  public static ConsumedRecord consumed(Sent event, long offset) {
    return new ConsumedRecord(
        EVENTS, 0, offset, RecordEncoder.key(event.runId()), event.value(), List.of());
  }
}
