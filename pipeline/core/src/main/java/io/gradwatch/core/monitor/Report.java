package io.gradwatch.core.monitor;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.alarm.Alarm.Checkpoint;
import io.gradwatch.core.alarm.Alarm.Evidence;
import io.gradwatch.core.alarm.AlarmId;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmState;
import io.gradwatch.core.alarm.Condition;
import io.gradwatch.core.alarm.Episode;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.clip.AdviceReason;
import io.gradwatch.core.clip.AdviceSummary;
import io.gradwatch.core.clip.ClipAdvisor;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.clip.ScopeAdvisor;
import io.gradwatch.core.detect.Detector;
import io.gradwatch.core.detect.DetectorSet;
import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.detect.Surroundings;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.stats.Summary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the records that go out, for the event that is being taken. */
final class Report {
  private final Policy policy;
  private final DetectorSet detectors;
  private final ClipAdvisor advisor;
  private final Reading reading;
  private final Findings findings;

  private RunState state = new RunState();
  private @Nullable RunEvent event;

  Report(
      Policy policy,
      DetectorSet detectors,
      ClipAdvisor advisor,
      Reading reading,
      Findings findings) {
    this.policy = policy;
    this.detectors = detectors;
    this.advisor = advisor;
    this.reading = reading;
    this.findings = findings;
  }

  /** Names the run and the event that the records to come are about. */
  void begin(RunState ofRun, RunEvent cause) {
    state = ofRun;
    event = cause;
  }

  private RunEvent cause() {
    if (event == null) {
      throw new IllegalStateException("no event is being taken");
    }
    return event;
  }

  /** Writes a record of an alarm. */
  void alarm(Episode episode, AlarmState alarmState, Resolution resolution) {
    RunEvent cause = cause();
    Condition condition =
        alarmState == AlarmState.RESOLVED ? resolved(episode, resolution) : describe(episode);
    if (alarmState == AlarmState.OPEN) {
      episode.beganAt(condition.onsetStep());
    }
    findings.add(
        new Alarm(
            AlarmId.of(
                cause.project(),
                cause.runId(),
                episode.attempt(),
                episode.kind(),
                episode.openedStep()),
            episode.revision(),
            cause.project(),
            cause.runId(),
            episode.attempt(),
            episode.kind(),
            episode.severity(),
            alarmState,
            resolution,
            episode.onsetStep(),
            episode.openedStep(),
            cause.step(),
            cause.emittedAt(),
            episode.joinedKinds(),
            condition.evidence(),
            condition.layers(),
            state.checkpoints.before(episode.onsetStep()),
            condition.actions(),
            condition.summary()));
  }

  private Condition describe(Episode episode) {
    Condition own = describe(episode.kind());
    int first = episode.severity() == Severity.CRITICAL ? state.series.ranks().firstApart() : -1;
    if (episode.joinedKinds().isEmpty() && first < 0) {
      return own;
    }
    List<Evidence> evidence = new ArrayList<>(own.evidence());
    StringBuilder summary = new StringBuilder(own.summary());
    if (first >= 0) {
      long since = state.series.ranks().firstApartSince();
      evidence.add(new Evidence("first_rank", first));
      summary.append(
          Words.sentence(" Rank %d was the first to leave the others, at step %d.", first, since));
    }
    for (AlarmKind kind : episode.joinedKinds()) {
      Condition joined = describe(kind);
      for (Evidence number : joined.evidence()) {
        if (evidence.stream().noneMatch(known -> known.name().equals(number.name()))) {
          evidence.add(number);
        }
      }
      summary.append(' ').append(joined.summary());
    }
    return new Condition(
        own.onsetStep(), List.copyOf(evidence), own.layers(), own.actions(), summary.toString());
  }

  private Condition describe(AlarmKind kind) {
    Detector detector = detectors.find(kind);
    if (detector == null) {
      // The policy has switched it off since the alarm opened.
      return new Condition(cause().step(), List.of(), List.of(), List.of(), "");
    }
    return detector.describe(
        reading,
        state.series,
        state.memory.of(kind, detector.cells(state.series.layers())),
        new Surroundings(
            state.layerNames,
            state.advice.threshold(),
            reading.observation().get(Scalar.CLIP_THRESHOLD),
            policy.clip().learningRateFactor(),
            state.checkpoints::before));
  }

  private Condition resolved(Episode episode, Resolution resolution) {
    String what = episode.kind().name();
    String why =
        switch (resolution) {
          case RECOVERED -> "not seen for a while";
          case REWOUND -> "a newer attempt has gone back to before it";
          case RUN_ENDED -> "the run ended";
          case NONE -> throw new IllegalArgumentException("a resolution has a reason");
        };
    return new Condition(
        episode.onsetStep(),
        List.of(),
        List.of(),
        List.of(),
        Words.sentence("%s is over at step %d: %s.", what, cause().step(), why));
  }

  /** Writes the advice of now. */
  void recommendation(AdviceReason reason) {
    RunEvent cause = cause();
    boolean paged = state.openAlarms.pageIsOpen();
    Checkpoint checkpoint =
        paged ? state.checkpoints.before(state.openAlarms.pageOnsetStep()) : null;
    double threshold = state.advice.threshold();
    Recommendation silent =
        new Recommendation(
            cause.project(),
            cause.runId(),
            cause.attempt(),
            cause.step(),
            cause.step() + policy.clip().validitySteps(),
            cause.emittedAt(),
            threshold,
            ScopeAdvisor.layerThresholds(state.scopes),
            ScopeAdvisor.value(state.scopes),
            paged ? policy.clip().learningRateFactor() : Double.NaN,
            checkpoint == null ? -1 : checkpoint.step(),
            advisor.centre(state.advice, state.series),
            advisor.spread(state.advice, state.series),
            advisor.floor(state.advice),
            advisor.ceiling(state.advice),
            paged && advisor.freezes(),
            reason,
            "");
    String summary =
        AdviceSummary.of(
            silent,
            policy.clip().rule(),
            advisor.warmsUp(state.advice),
            Summary.count(state.series.normSummary(), 0),
            advisor.lowering(state.advice, cause.step(), state.series));
    findings.add(silent.withSummary(summary));
  }

  /** Writes the statistics of now. */
  void statistics() {
    RunEvent cause = cause();
    RunSeries series = state.series;
    state.toldSteps = series.counters().steps();
    int layers = series.layers();
    float[] means = new float[layers];
    float[] rates = new float[layers];
    for (int i = 0; i < layers; i++) {
      means[i] = (float) StrictMath.exp(series.layerNorms().medium(i));
      rates[i] = (float) (series.layerNorms().growth(i) / series.counters().stepInterval());
    }
    findings.add(
        new RunStatistics(
            cause.project(),
            cause.runId(),
            cause.attempt(),
            cause.step(),
            cause.emittedAt(),
            series.counters().steps(),
            series.counters().stepsSkipped(),
            series.counters().stepsNonfinite(),
            series.counters().stepsClipped(),
            state.openAlarms.size(),
            state.openAlarms.highestSeverity(),
            Summary.read(series.lossSummary(), 0, series.lossGrowthPerStep()),
            Summary.read(series.normSummary(), 0, series.normGrowthPerStep()),
            means,
            rates,
            state.engagement.read(state.advice.threshold(), cause.step())));
  }
}
