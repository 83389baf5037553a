package io.gradwatch.agent.load;

import io.gradwatch.records.ClipMode;
import io.gradwatch.records.NormStage;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run of the fleet: the network, begun a little earlier or later and at a scale of its own,
 * with or without a fault.
 */
final class LoadRun implements RecordedRun {
  /** Runs begin at one of the network's first steps. */
  private static final int DIFFERENT_STARTS = 256;

  /** Scales lie between 1 and this. */
  private static final double MOST_SCALE = 3;

  /** A fault begins when the run is known, but early: who watches for minutes is to see it. */
  private static final int EARLIEST_FAULT = 200;

  private static final int LATEST_FAULT = 400;

  /** What the loss of a run that does not move still moves by. */
  private static final double STALL_NOISE = 1e-3;

  private static final Fault[] FAULTS = {Fault.GROWTH, Fault.NAN, Fault.SPIKES, Fault.STALL};

  private final LoadPlan plan;
  private final Network network;
  private final int number;
  private final long startMillis;
  private final long steps;
  private final int firstPlace;
  private final double scale;
  private final double faultyAbove;
  private final Fault fault;
  private final long faultStep;
  private boolean started;
  private boolean ended;
  private long step;

  /**
   * @param number of the run, from 0
   */
  LoadRun(LoadPlan plan, Network network, int number, long startMillis) {
    this.plan = plan;
    this.network = network;
    this.number = number;
    this.startMillis = startMillis;
    this.steps = plan.stepsOfARun();
    SplittableRandom random = new SplittableRandom(31 * plan.seed() + number);
    this.firstPlace = random.nextInt(DIFFERENT_STARTS);
    this.scale = 1 + (MOST_SCALE - 1) * random.nextDouble();
    this.faultyAbove = random.nextDouble();
    this.fault = faultyAbove < plan.faults() ? FAULTS[random.nextInt(FAULTS.length)] : Fault.NONE;
    this.faultStep = random.nextInt(EARLIEST_FAULT, LATEST_FAULT);
  }

  Fault fault() {
    return fault;
  }

  /** The run has a fault where the plan's share is above this, 0 to 1. */
  double faultyAbove() {
    return faultyAbove;
  }

  @Override
  public String runId() {
    return plan.runId(number + 1);
  }

  @Override
  public @Nullable TrainingEvent next() {
    if (!started) {
      started = true;
      return event(0, start());
    }
    if (step < steps) {
      TrainingEvent event = event(step, completed());
      step++;
      return event;
    }
    if (!ended) {
      ended = true;
      return event(steps - 1, new RunEnded(RunOutcome.COMPLETED));
    }
    return null;
  }

  @Override
  public double progress() {
    return plan.duration() == null ? Double.NaN : (double) step / steps;
  }

  @Override
  public void close() {}

  private RunStarted start() {
    RunStarted start = new RunStarted();
    start.setOwner("");
    start.setFramework("gradwatch load");
    start.setLayerNames(network.layerNames());
    start.setWorldSize(1);
    start.setClipMode(ClipMode.UNKNOWN);
    start.setNormStage(NormStage.PRE_CLIP);
    start.setNormScaled(false);
    start.setTags(Map.of());
    return start;
  }

  private StepCompleted completed() {
    long place = step + firstPlace;
    long since = step - faultStep;
    double gradientScale = scale * fault.gradientFactor(since);
    StepCompleted completed = new StepCompleted();
    completed.setLoss(loss(place, since));
    completed.setGradNorm(gradientScale * network.gradNorm(place));
    completed.setLayerGradNorms(norms(Network.Series.GRADIENTS, place, gradientScale));
    completed.setLayerWeightNorms(norms(Network.Series.WEIGHTS, place, scale));
    completed.setLayerUpdateNorms(norms(Network.Series.UPDATES, place, scale));
    completed.setMetrics(Map.of());
    return completed;
  }

  private double loss(long place, long since) {
    if (since >= 0 && fault == Fault.NAN) {
      return Double.NaN;
    }
    if (since >= 0 && fault == Fault.STALL) {
      double noise = STALL_NOISE * (network.loss(number, place) / network.loss(number, 0) - 0.5);
      return network.loss(number, faultStep + firstPlace) * (1 + noise);
    }
    return network.loss(number, place);
  }

  private @Nullable List<Float> norms(Network.Series series, long place, double factor) {
    float[] values = network.norms(series, place);
    return values == null ? null : new Scaled(values, factor);
  }

  private TrainingEvent event(long itsStep, Object body) {
    double turn = (double) itsStep * plan.runs() + number;
    long emitted = startMillis + (long) (1_000 * turn / plan.stepsPerSecond());
    return new TrainingEvent(runId(), 0, itsStep, emitted, null, body);
  }
}
