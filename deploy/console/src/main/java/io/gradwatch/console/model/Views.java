package io.gradwatch.console.model;

import io.gradwatch.console.api.AcknowledgementView;
import io.gradwatch.console.api.AlarmBrief;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.AlarmView;
import io.gradwatch.console.api.AlarmView.ActionView;
import io.gradwatch.console.api.AlarmView.EvidenceView;
import io.gradwatch.console.api.AlarmView.LayerView;
import io.gradwatch.console.api.IncidentView;
import io.gradwatch.console.api.JudgementView;
import io.gradwatch.console.api.RunDetail.OverflowView;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.api.SilenceView;
import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Evidence;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.Severity;
import io.gradwatch.records.Silence;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known, as the interface says it. */
final class Views {
  private static final int TREND_POINTS = 48;
  private static final double LN_2 = Math.log(2);

  /** Growth that takes longer than this to double the norm is no growth to speak of. */
  private static final double LONGEST_DOUBLING_STEPS = 5_000;

  private Views() {}

  /**
   * An alarm.
   *
   * @param run its run, when it is known
   * @param silences the silences that match it now
   */
  static AlarmView alarm(
      AlarmStory story,
      @Nullable RunStory run,
      @Nullable Acknowledgement acknowledgement,
      @Nullable Judgement judgement,
      List<ActiveSilence> silences) {
    DivergenceAlarm record = story.newest();
    DivergenceAlarm telling = story.telling();
    RunStarted started = run == null ? null : run.started();
    return new AlarmView(
        record.getAlarmId(),
        record.getRevision(),
        record.getProject(),
        record.getRunId(),
        record.getAttempt(),
        record.getKind().name(),
        telling.getJoinedKinds().stream().map(AlarmKind::name).toList(),
        record.getSeverity().name(),
        status(story, acknowledgement, silences),
        record.getResolution().name(),
        record.getOnsetStep(),
        record.getOpenedStep(),
        record.getStep(),
        story.openedAt(),
        record.getEmittedAt(),
        telling.getSummary(),
        telling.getEvidence().stream()
            .map(
                number ->
                    new EvidenceView(
                        number.getName(), number.getValue(), EvidenceMeanings.of(number.getName())))
            .toList(),
        telling.getLayers().stream()
            .map(
                layer ->
                    new LayerView(
                        layer.getName(),
                        layer.getIndex(),
                        layer.getOnsetStep(),
                        layer.getGrowthRate()))
            .toList(),
        telling.getActions().stream()
            .map(
                action ->
                    new ActionView(action.getAction().name(), action.getValue(), action.getText()))
            .toList(),
        telling.getCheckpointStep(),
        telling.getCheckpointUri(),
        started == null ? "" : started.getOwner(),
        started == null ? Map.of() : started.getTags(),
        acknowledgement == null
            ? null
            : new AcknowledgementView(
                acknowledgement.getAuthor(), acknowledgement.getNote(), acknowledgement.getAt()),
        silences.stream().map(silence -> silence.record().getSilenceId()).toList(),
        judgement == null ? null : judgement(judgement));
  }

  static Labels labels(AlarmStory story, @Nullable RunStory run) {
    DivergenceAlarm record = story.newest();
    RunStarted started = run == null ? null : run.started();
    return new Labels(
        record.getAlarmId(),
        record.getProject(),
        record.getRunId(),
        record.getKind().name(),
        record.getSeverity().name(),
        started == null ? "" : started.getOwner(),
        started == null ? Map.of() : started.getTags());
  }

  private static AlarmStatus status(
      AlarmStory story, @Nullable Acknowledgement acknowledgement, List<ActiveSilence> silences) {
    if (!story.open()) {
      return AlarmStatus.RESOLVED;
    }
    if (!silences.isEmpty()) {
      return AlarmStatus.SILENCED;
    }
    return acknowledgement == null ? AlarmStatus.OPEN : AlarmStatus.ACKNOWLEDGED;
  }

  private static JudgementView judgement(Judgement record) {
    return new JudgementView(
        record.getVerdict().name(),
        record.getActualOnsetStep(),
        record.getFailureStep(),
        record.getAuthor(),
        record.getNote(),
        record.getAt());
  }

  /** A silence, with how many open alarms it matches. */
  static SilenceView silence(ActiveSilence silence, long now, int matching) {
    Silence record = silence.record();
    return new SilenceView(
        record.getSilenceId(),
        record.getMatchers().stream()
            .map(
                matcher ->
                    new SilenceView.MatcherView(
                        matcher.getLabel(),
                        LabelMatcher.sign(matcher.getOperator()),
                        matcher.getValue()))
            .toList(),
        record.getStartsAt(),
        record.getEndsAt(),
        record.getCreatedAt(),
        record.getAuthor(),
        record.getNote(),
        silence.holdsAt(now) ? "ACTIVE" : now < record.getStartsAt() ? "PENDING" : "EXPIRED",
        matching);
  }

  static IncidentView incident(FleetIncident record) {
    return new IncidentView(
        record.getIncidentId(),
        record.getState().name(),
        record.getSeverity().name(),
        record.getTag(),
        record.getTagValue(),
        record.getOpenedAt(),
        record.getUpdatedAt(),
        record.getRunsWatched(),
        record.getSummary(),
        record.getMembers().stream()
            .map(
                member ->
                    new IncidentView.Member(
                        member.getProject(),
                        member.getRunId(),
                        member.getAlarmId(),
                        member.getKind().name(),
                        member.getStep()))
            .toList());
  }

  /**
   * A run.
   *
   * @param alarms its alarms that are open, or ended with the run
   * @param trends whether with its sparklines, which are most of the work
   */
  static RunRow row(RunStory run, List<AlarmView> alarms, boolean trends) {
    List<AlarmView> open =
        alarms.stream().filter(alarm -> alarm.status() != AlarmStatus.RESOLVED).toList();
    RunState state = state(run, open);
    AlarmView worst = (state == RunState.ENDED ? alarms : open).stream().max(BY_NEED).orElse(null);
    RunStarted started = run.started();
    RunStatistics statistics = run.statistics();
    Double growth = statistics == null ? null : finite(statistics.getGradNorm().getGrowthRate());
    Double doubling = growth != null && growth > 0 ? LN_2 / growth : null;
    Double applied = run.appliedThreshold();
    if (applied == null && statistics != null) {
      applied = statistics.getAppliedClipThreshold();
    }
    return new RunRow(
        run.key().project(),
        run.key().run(),
        state,
        need(state, worst),
        run.attempt(),
        run.step(),
        started == null ? null : started.getPlannedSteps(),
        run.pace().perSecond(),
        run.loss(),
        run.gradNorm(),
        trends ? run.trend(AttemptCurves.LOSS, TREND_POINTS, false) : List.of(),
        trends ? run.trend(AttemptCurves.GRAD_NORM, TREND_POINTS, true) : List.of(),
        growth,
        doubling != null && doubling <= LONGEST_DOUBLING_STEPS ? doubling : null,
        statistics == null ? null : finite(statistics.getAppliedClipShare()),
        statistics == null ? null : finite(statistics.getAdvisedClipShare()),
        run.advice() == null ? null : run.advice().getClipThreshold(),
        applied,
        statistics == null ? "UNKNOWN" : statistics.getAdviceUse().name(),
        open.size(),
        worst == null
            ? null
            : new AlarmBrief(
                worst.id(),
                worst.kind(),
                worst.severity(),
                worst.status(),
                worst.onsetStep(),
                worst.summary()),
        started == null ? "" : started.getOwner(),
        started == null ? "" : started.getFramework(),
        started == null ? Map.of() : started.getTags(),
        run.startedAt(),
        run.updatedAt(),
        run.outcome());
  }

  private static final Comparator<AlarmView> BY_NEED =
      Comparator.<AlarmView>comparingInt(alarm -> alarm.status() == AlarmStatus.SILENCED ? 0 : 1)
          .thenComparing(alarm -> Severity.valueOf(alarm.severity()))
          .thenComparingInt(alarm -> alarm.status() == AlarmStatus.OPEN ? 1 : 0)
          .thenComparingLong(AlarmView::openedAt);

  private static RunState state(RunStory run, List<AlarmView> open) {
    RunState state = run.outcome() == null ? RunState.HEALTHY : RunState.ENDED;
    for (AlarmView alarm : open) {
      if (alarm.status() != AlarmStatus.SILENCED) {
        RunState needed =
            alarm.severity().equals(Severity.CRITICAL.name())
                ? RunState.CRITICAL
                : alarm.kind().equals(AlarmKind.SILENCE.name())
                    ? RunState.SILENT
                    : alarm.severity().equals(Severity.WARNING.name()) ? RunState.WATCH : state;
        state = needed.compareTo(state) < 0 ? needed : state;
      }
    }
    return state;
  }

  /** What nobody looks after comes before what somebody does, within a state. */
  private static double need(RunState state, @Nullable AlarmView worst) {
    double need =
        switch (state) {
          case CRITICAL -> 40;
          case SILENT -> 30;
          case WATCH -> 20;
          case HEALTHY -> 10;
          case ENDED -> 0;
        };
    boolean unattended = worst != null && worst.status() == AlarmStatus.OPEN;
    return need + (unattended ? 5 : 0) + (worst == null ? 0 : 1);
  }

  /** When a growth overflows, as its alarm told; null when none of the alarms tells it. */
  static @Nullable OverflowView overflow(RunStory run, List<AlarmStory> alarms) {
    OverflowView soonest = null;
    for (AlarmStory alarm : alarms) {
      DivergenceAlarm record = alarm.newest();
      Double steps = evidence(record, "steps_to_overflow");
      steps = steps == null ? evidence(record, "weight_steps_to_overflow") : steps;
      if (alarm.open() && steps != null && steps > 0) {
        Double doubling = evidence(record, "doubling_steps");
        Double pace = run.pace().perSecond();
        double left = Math.max(0, record.getStep() + steps - run.step());
        OverflowView told =
            new OverflowView(
                record.getAlarmId(),
                record.getStep(),
                steps,
                evidence(record, "steps_to_overflow_low"),
                evidence(record, "steps_to_overflow_high"),
                doubling == null ? evidence(record, "weight_doubling_steps") : doubling,
                pace == null ? null : left / pace);
        if (soonest == null || told.atStep() + told.steps() < soonest.atStep() + soonest.steps()) {
          soonest = told;
        }
      }
    }
    return soonest;
  }

  private static @Nullable Double evidence(DivergenceAlarm record, String name) {
    for (Evidence number : record.getEvidence()) {
      if (number.getName().equals(name)) {
        return finite(number.getValue());
      }
    }
    return null;
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
