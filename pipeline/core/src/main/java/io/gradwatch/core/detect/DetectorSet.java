package io.gradwatch.core.detect;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.DetectorSwitch;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The detectors that a policy switches on, in the order in which they may open a page. */
public final class DetectorSet {
  private record Entry(Detector detector, DetectorSwitch detectorSwitch) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<AlarmKind> off = new ArrayList<>();

  private DetectorSet() {}

  /** The detectors of a policy. */
  public static DetectorSet of(Policy policy) {
    DetectorSet set = new DetectorSet();
    set.add(new NonFiniteDetector(policy.nonFinite()), policy.nonFinite().detector());
    set.add(
        new ExplodingGradientDetector(policy.explodingGradient()),
        policy.explodingGradient().detector());
    set.add(new WeightGrowthDetector(policy.weightGrowth()), policy.weightGrowth().detector());
    set.add(new DivergenceDetector(policy.divergence()), policy.divergence().detector());
    set.add(SpikeDetector.ofLoss(policy.lossSpike()), policy.lossSpike().detector());
    set.add(SpikeDetector.ofGradient(policy.gradientSpike()), policy.gradientSpike().detector());
    set.add(new DepthGrowthDetector(policy.depthGrowth()), policy.depthGrowth().detector());
    set.add(new LargeGradientDetector(policy.largeGradient()), policy.largeGradient().detector());
    set.add(
        new ClipEngagementDetector(policy.clipEngagement()), policy.clipEngagement().detector());
    set.add(
        new VanishingGradientDetector(policy.vanishingGradient()),
        policy.vanishingGradient().detector());
    set.add(new DeadLayerDetector(policy.deadLayer()), policy.deadLayer().detector());
    set.add(new FrozenUpdatesDetector(policy.frozenUpdates()), policy.frozenUpdates().detector());
    set.add(new StalledDetector(policy.stalled()), policy.stalled().detector());
    set.add(new NoProgressDetector(policy.noProgress()), policy.noProgress().detector());
    set.add(new OverfittingDetector(policy.overfitting()), policy.overfitting().detector());
    set.add(new InstabilityDetector(policy.instability()), policy.instability().detector());
    set.add(new MeasurementChangeDetector(), policy.measurementChange().detector());
    set.add(new RunIdConflictDetector(policy.runIdConflict()), policy.runIdConflict().detector());
    set.add(new RankOutlierDetector(policy.rankOutlier()), policy.rankOutlier().detector());
    set.add(new MissingRankDetector(), policy.missingRank().detector());
    return set;
  }

  private void add(Detector detector, DetectorSwitch detectorSwitch) {
    if (detectorSwitch.enabled()) {
      entries.add(new Entry(detector, detectorSwitch));
    } else {
      off.add(detector.kind());
    }
  }

  /**
   * Forgets what the detectors that are off remember: one that is switched on again later must not
   * go on counting in a row what it saw before.
   */
  public void forgetUnwatched(DetectorMemory memory) {
    for (int i = 0; i < off.size(); i++) {
      memory.forget(off.get(i));
    }
  }

  /** Number of detectors. */
  public int size() {
    return entries.size();
  }

  /** One of the detectors. */
  public Detector get(int index) {
    return entries.get(index).detector();
  }

  /** What one of the detectors sees, with the severity that the policy gives it. */
  public @Nullable Severity judge(
      int index, Reading reading, RunSeries series, DetectorMemory memory) {
    Entry entry = entries.get(index);
    Detector detector = entry.detector();
    if (!detector.reads(reading.observation())
        && memory.size(detector.kind()) <= detector.cells(0)) {
      return null; // no layer has ever told it anything: no memory is taken, nor looked through
    }
    Severity severity = detector.judge(reading, series, cells(detector, series, memory));
    return severity == null ? null : entry.detectorSwitch().of(severity);
  }

  /** Tells every detector of an evaluation. */
  public void evaluate(
      long step, RunEvent.EvaluationCompleted evaluation, RunSeries series, DetectorMemory memory) {
    for (Entry entry : entries) {
      Detector detector = entry.detector();
      detector.evaluate(step, evaluation, series, ofTheRun(detector, memory));
    }
  }

  /** Tells every detector that the run said who it is. */
  public void start(RunEvent.Started started, RunSeries series, DetectorMemory memory) {
    for (Entry entry : entries) {
      entry.detector().start(started, ofTheRun(entry.detector(), memory));
    }
  }

  /** Tells every detector of a step that is not new. */
  public void repeat(long step, Observation observation, RunSeries series, DetectorMemory memory) {
    // By index: a second writer may send as many of these as the first one sends steps.
    for (int i = 0; i < entries.size(); i++) {
      Detector detector = entries.get(i).detector();
      detector.repeat(step, observation, ofTheRun(detector, memory));
    }
  }

  /** Tells every detector that a newer attempt has begun. */
  public void beginAttempt(RunSeries series, DetectorMemory memory) {
    for (Entry entry : entries) {
      entry.detector().beginAttempt(ofTheRun(entry.detector(), memory));
    }
  }

  /** What is remembered of the run itself: no room for layers is taken to tell of other things. */
  private static double[] ofTheRun(Detector detector, DetectorMemory memory) {
    return memory.of(detector.kind(), detector.cells(0));
  }

  private static double[] cells(Detector detector, RunSeries series, DetectorMemory memory) {
    return memory.of(detector.kind(), detector.cells(series.layers()));
  }

  /** The detector of a kind; null when it is switched off. */
  public @Nullable Detector find(AlarmKind kind) {
    // By index: asked at every step of a disturbed run, and an iterator is an object.
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).detector().kind() == kind) {
        return entries.get(i).detector();
      }
    }
    return null;
  }
}
