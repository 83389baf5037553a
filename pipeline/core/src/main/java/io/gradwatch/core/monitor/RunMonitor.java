package io.gradwatch.core.monitor;

import io.gradwatch.core.alarm.Alarm.Checkpoint;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.AlarmLatch;
import io.gradwatch.core.alarm.Resolution;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.clip.AdviceReason;
import io.gradwatch.core.clip.ClipAdvisor;
import io.gradwatch.core.clip.ScopeAdvisor;
import io.gradwatch.core.detect.DetectorSet;
import io.gradwatch.core.detect.RankComparison;
import io.gradwatch.core.detect.RankTable;
import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;

/**
 * One run's detectors and clip advisor composed: the only door that jobs, backtest and pipe use.
 * Holds no state of a run, so that one monitor serves any number of runs; not safe for use by
 * several threads at once.
 *
 * <p>Older attempts and repeated steps change nothing. A newer attempt that starts at or before the
 * newest step seen has gone back: open alarms resolve as REWOUND, detectors count anew, and levels
 * return to those of the newest checkpoint at or before its first step, of the last two announced.
 * Without one they stay, but for the loss, which is learnt anew. Where steps with and without a
 * rank come, those without speak for the run; else rank 0 does.
 */
public final class RunMonitor {
  /** Observations between two records of statistics. */
  public static final int STATISTICS_INTERVAL = 50;

  private final Policy policy;
  private final DetectorSet detectors;
  private final ClipAdvisor advisor;
  private final ScopeAdvisor scopes;
  private final RankComparison comparison = new RankComparison();
  private final Reading reading = new Reading();
  private final Findings findings = new Findings();
  private final Report report;
  private final AlarmLatch latch;

  public RunMonitor(Policy policy) {
    this.policy = policy;
    this.detectors = DetectorSet.of(policy);
    this.advisor = new ClipAdvisor(policy.clip());
    this.scopes = new ScopeAdvisor(policy.clip());
    this.report = new Report(policy, detectors, advisor, reading, findings);
    this.latch = new AlarmLatch(report::alarm);
  }

  /** The policy this monitor judges by. */
  public Policy policy() {
    return policy;
  }

  /**
   * Takes the next event of a run.
   *
   * @param state what is remembered of the run; changed in place
   * @param event the next event of that run in the order of its topic
   * @return what it led to, valid until the next call
   */
  public Findings accept(RunState state, RunEvent event) {
    findings.clear();
    if (event.attempt() < state.attempt) {
      findings.noteOldAttempt();
      return findings;
    }
    if (speaksForRun(state, event)) {
      order(state, event);
    }
    if (event.rank() != RunEvent.WHOLE_RUN && event.attempt() == state.attempt) {
      if (event.body() instanceof Observation observation) {
        compareRanks(state, event, observation);
      } else if (event.body() instanceof RunEvent.Ended) {
        state.series.ranks().end(event.rank());
      }
    }
    return findings;
  }

  /** Takes an event of a rank, which is compared with the others. */
  private void compareRanks(RunState state, RunEvent event, Observation observation) {
    RankTable ranks = state.series.ranks();
    comparison.observe(ranks, event.rank(), event.step(), observation);
    if (!state.wholeRunSpeaks && event.rank() != 0 && ranks.isMissing(0)) {
      // The rank that speaks for the run is silent: nothing else would tell that.
      tell(state, event, AlarmKind.MISSING_RANK);
    }
  }

  /**
   * Offers what one detector sees in an event that speaks for no run. There is no reading of this
   * run then, so only a kind may be told that needs none and joins no page.
   */
  private void tell(RunState state, RunEvent event, AlarmKind kind) {
    int alarmsBefore = findings.alarms().size();
    report.begin(state, event);
    for (int i = 0; i < detectors.size(); i++) {
      if (detectors.get(i).kind() == kind) {
        Severity severity = detectors.judge(i, reading, state.series, state.memory);
        latch.offer(state.openAlarms, kind, severity, event.attempt(), event.step());
      }
    }
    if (findings.alarms().size() > alarmsBefore) {
      report.statistics();
    }
  }

  /** Takes an event that speaks for the run, and those that waited for it; or lets it wait. */
  private void order(RunState state, RunEvent event) {
    boolean isNewAttempt = event.attempt() > state.attempt;
    if (isNewAttempt || event.body() instanceof RunEvent.Ended) {
      for (RunEvent next = state.waiting.flush(); next != null; next = state.waiting.flush()) {
        take(state, next);
      }
    }
    if (!isNewAttempt && state.waiting.mustWait(event, state.nextStep)) {
      state.waiting.add(event);
    } else {
      if (state.waiting.comesLate(event)) {
        findings.noteLate();
      }
      take(state, event);
    }
    RunEvent next = state.waiting.poll(state.nextStep);
    while (next != null) {
      take(state, next);
      next = state.waiting.poll(state.nextStep);
    }
  }

  /** Takes an event whose turn it is. */
  private void take(RunState state, RunEvent event) {
    if (!speaksForRun(state, event)) {
      return;
    }
    int alarmsBefore = findings.alarms().size();
    int statisticsBefore = findings.statistics().size();
    report.begin(state, event);
    if (event.attempt() > state.attempt) {
      beginAttempt(state, event);
    }
    RunEvent.Body body = event.body();
    if (body instanceof Observation observation) {
      observe(state, event, observation);
    } else if (body instanceof RunEvent.Started started) {
      state.layerNames = started.layerNames();
      state.normScaled = started.normScaled();
      state.series.worldSize(started.worldSize());
      detectors.start(started, state.series, state.memory);
    } else if (body instanceof RunEvent.CheckpointSaved saved) {
      Checkpoint checkpoint = new Checkpoint(saved.checkpointStep(), saved.uri());
      if (state.checkpoints.isNew(checkpoint)) {
        state.checkpoints.remember(checkpoint, Baselines.of(state));
      }
    } else if (body instanceof RunEvent.AdviceApplied answer) {
      state.engagement.observe(answer);
    } else if (body instanceof RunEvent.EvaluationCompleted evaluation) {
      detectors.evaluate(event.step(), evaluation, state.series, state.memory);
    } else if (body instanceof RunEvent.Ended) {
      latch.resolveAll(state.openAlarms, Resolution.RUN_ENDED);
      if (state.series.counters().steps() > state.toldSteps) {
        report.statistics();
      }
    }
    if (findings.alarms().size() > alarmsBefore
        && findings.statistics().size() == statisticsBefore) {
      report.statistics();
    }
  }

  private static boolean speaksForRun(RunState state, RunEvent event) {
    if (event.rank() == RunEvent.WHOLE_RUN) {
      return true;
    }
    return event.rank() == 0 && !state.wholeRunSpeaks;
  }

  private void beginAttempt(RunState state, RunEvent event) {
    state.attempt = event.attempt();
    boolean wentBack = event.step() < state.position;
    state.position = Math.min(state.position, event.step());
    state.advice.beginAttempt(wentBack);
    state.engagement.beginAttempt();
    boolean isBackAtCheckpoint = false;
    if (wentBack) {
      state.checkpoints.forgetAfter(event.step());
      latch.resolveAll(state.openAlarms, Resolution.REWOUND);
      state.memory.clear();
      isBackAtCheckpoint = Baselines.restore(state, state.checkpoints.baselines());
    }
    state.series.beginAttempt(wentBack && !isBackAtCheckpoint);
    detectors.beginAttempt(state.series, state.memory);
    state.nextStep = 0;
  }

  /**
   * Alarms of detectors that the policy has switched off since end as those of a calm run do, and
   * the detectors begin anew when they are switched on again.
   */
  private void passUnwatched(RunState state, RunEvent event) {
    detectors.forgetUnwatched(state.memory);
    for (int i = state.openAlarms.size() - 1; i >= 0; i--) {
      AlarmKind kind = state.openAlarms.kind(i);
      if (detectors.find(kind) == null) {
        latch.offer(state.openAlarms, kind, null, event.attempt(), event.step());
      }
    }
  }

  private void observe(RunState state, RunEvent event, Observation observation) {
    if (event.step() < state.nextStep) {
      findings.noteRepeated();
      detectors.repeat(event.step(), observation, state.series, state.memory);
      return;
    }
    if (state.nextStep > 0) {
      state.waiting.learn(event.step() + 1 - state.nextStep);
    }
    state.nextStep = event.step() + 1;
    state.position = state.nextStep;
    state.wholeRunSpeaks |= event.rank() == RunEvent.WHOLE_RUN;
    reading.take(state.series, event.step(), observation, state.normScaled);
    if (state.series.measureChanged()) {
      state.checkpoints.forgetBaselines();
    }
    for (int i = 0; i < detectors.size(); i++) {
      Severity severity = detectors.judge(i, reading, state.series, state.memory);
      latch.offer(
          state.openAlarms, detectors.get(i).kind(), severity, event.attempt(), event.step());
    }
    passUnwatched(state, event);
    state.engagement.observe(reading, state.advice.threshold());
    boolean disturbed = state.openAlarms.pageIsOpen();
    AdviceReason reason = advisor.observe(state.advice, reading, state.series, disturbed);
    AdviceReason ofScopes = scopes.observe(state.scopes, reading, state.series, disturbed);
    reason = reason == null ? ofScopes : reason;
    if (reason != null) {
      scopes.tell(state.scopes, state.series, state.advice.threshold(), disturbed);
      state.engagement.tell(event.step(), state.advice.threshold());
      report.recommendation(reason);
    }
    if (state.series.counters().steps() % STATISTICS_INTERVAL == 0) {
      report.statistics();
    }
  }
}
