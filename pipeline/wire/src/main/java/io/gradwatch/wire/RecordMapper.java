package io.gradwatch.wire;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.ClipStatistics;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.fleet.Incident;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.records.ActionKind;
import io.gradwatch.records.AdviceReason;
import io.gradwatch.records.AdviceUse;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Evidence;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.ImplicatedLayer;
import io.gradwatch.records.IncidentMember;
import io.gradwatch.records.Resolution;
import io.gradwatch.records.SeriesStatistics;
import io.gradwatch.records.Severity;
import io.gradwatch.records.SuggestedAction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Findings of the core as records. Where the core says "none" with NaN or -1, the record has null;
 * where a record's number cannot be null, NaN travels as NaN, with one bit pattern.
 */
public final class RecordMapper {
  static final EnumMapping<io.gradwatch.core.alarm.AlarmKind, AlarmKind> KINDS =
      EnumMapping.between(io.gradwatch.core.alarm.AlarmKind.class, AlarmKind.class);
  static final EnumMapping<io.gradwatch.core.alarm.Severity, Severity> SEVERITIES =
      EnumMapping.between(io.gradwatch.core.alarm.Severity.class, Severity.class);
  static final EnumMapping<io.gradwatch.core.alarm.AlarmState, AlarmState> STATES =
      EnumMapping.between(io.gradwatch.core.alarm.AlarmState.class, AlarmState.class);
  static final EnumMapping<io.gradwatch.core.alarm.Resolution, Resolution> RESOLUTIONS =
      EnumMapping.between(io.gradwatch.core.alarm.Resolution.class, Resolution.class);
  static final EnumMapping<io.gradwatch.core.alarm.ActionKind, ActionKind> ACTIONS =
      EnumMapping.between(io.gradwatch.core.alarm.ActionKind.class, ActionKind.class);
  static final EnumMapping<io.gradwatch.core.clip.AdviceReason, AdviceReason> ADVICE_REASONS =
      EnumMapping.between(io.gradwatch.core.clip.AdviceReason.class, AdviceReason.class);
  static final EnumMapping<io.gradwatch.core.clip.AdviceUse, AdviceUse> ADVICE_USES =
      EnumMapping.between(io.gradwatch.core.clip.AdviceUse.class, AdviceUse.class);

  private RecordMapper() {}

  /** The record of an alarm's revision. */
  public static DivergenceAlarm toRecord(Alarm alarm) {
    Alarm.Checkpoint checkpoint = alarm.checkpoint();
    return DivergenceAlarm.newBuilder()
        .setAlarmId(alarm.id())
        .setRevision(alarm.revision())
        .setProject(alarm.project())
        .setRunId(alarm.runId())
        .setAttempt(alarm.attempt())
        .setKind(KINDS.of(alarm.kind()))
        .setSeverity(SEVERITIES.of(alarm.severity()))
        .setState(STATES.of(alarm.state()))
        .setResolution(RESOLUTIONS.of(alarm.resolution()))
        .setOnsetStep(alarm.onsetStep())
        .setOpenedStep(alarm.openedStep())
        .setStep(alarm.step())
        .setEmittedAt(alarm.emittedAt())
        .setJoinedKinds(alarm.joinedKinds().stream().map(KINDS::of).toList())
        .setEvidence(alarm.evidence().stream().map(RecordMapper::evidence).toList())
        .setLayers(alarm.layers().stream().map(RecordMapper::layer).toList())
        .setCheckpointStep(checkpoint == null ? null : checkpoint.step())
        .setCheckpointUri(checkpoint == null ? null : checkpoint.uri())
        .setActions(alarm.actions().stream().map(RecordMapper::action).toList())
        .setSummary(alarm.summary())
        .build();
  }

  private static Evidence evidence(Alarm.Evidence evidence) {
    return new Evidence(evidence.name(), EventChecks.number(evidence.value()));
  }

  private static ImplicatedLayer layer(Alarm.ImplicatedLayer layer) {
    return new ImplicatedLayer(
        layer.name(), layer.index(), layer.onsetStep(), EventChecks.number(layer.growthRate()));
  }

  private static SuggestedAction action(Alarm.SuggestedAction action) {
    return new SuggestedAction(ACTIONS.of(action.action()), orNull(action.value()), action.text());
  }

  /** The record of clip advice. */
  public static ClipRecommendation toRecord(Recommendation advice) {
    return ClipRecommendation.newBuilder()
        .setProject(advice.project())
        .setRunId(advice.runId())
        .setAttempt(advice.attempt())
        .setMadeAtStep(advice.madeAtStep())
        .setValidUntilStep(advice.validUntilStep())
        .setEmittedAt(advice.emittedAt())
        .setClipThreshold(orNull(advice.clipThreshold()))
        .setLayerClipThresholds(
            advice.layerClipThresholds().length == 0 ? null : floats(advice.layerClipThresholds()))
        .setClipValue(orNull(advice.clipValue()))
        .setLearningRateFactor(orNull(advice.learningRateFactor()))
        .setRollbackStep(advice.rollbackStep() < 0 ? null : advice.rollbackStep())
        .setCentre(EventChecks.number(advice.centre()))
        .setSpread(EventChecks.number(advice.spread()))
        .setFloor(EventChecks.number(advice.floor()))
        .setCeiling(EventChecks.number(advice.ceiling()))
        .setFrozen(advice.frozen())
        .setReason(ADVICE_REASONS.of(advice.reason()))
        .setSummary(advice.summary())
        .build();
  }

  /** The record of a run's statistics. */
  public static io.gradwatch.records.RunStatistics toRecord(RunStatistics statistics) {
    io.gradwatch.core.alarm.Severity highest = statistics.highestSeverity();
    ClipStatistics clip = statistics.clip();
    return io.gradwatch.records.RunStatistics.newBuilder()
        .setProject(statistics.project())
        .setRunId(statistics.runId())
        .setAttempt(statistics.attempt())
        .setStep(statistics.step())
        .setEmittedAt(statistics.emittedAt())
        .setStepsSeen(statistics.stepsSeen())
        .setStepsSkipped(statistics.stepsSkipped())
        .setStepsNonfinite(statistics.stepsNonfinite())
        .setStepsClipped(statistics.stepsClipped())
        .setOpenAlarms(statistics.openAlarms())
        .setHighestSeverity(highest == null ? null : SEVERITIES.of(highest))
        .setLoss(series(statistics.loss()))
        .setGradNorm(series(statistics.gradNorm()))
        .setLayerGradNormMeans(floats(statistics.layerGradNormMeans()))
        .setLayerGrowthRates(floats(statistics.layerGrowthRates()))
        .setAdvisedClipThreshold(orNull(clip.advisedThreshold()))
        .setAppliedClipThreshold(orNull(clip.appliedThreshold()))
        .setAdviceUse(ADVICE_USES.of(clip.use()))
        .setStepsAdvised(clip.advised().steps())
        .setStepsAdvisedClipped(clip.advised().clipped())
        .setStepsAdvisedNonfinite(clip.advised().nonfinite())
        .setAdvisedClipShare(EventChecks.number(clip.advised().share()))
        .setAdvisedClipFactor(EventChecks.number(clip.advised().factor()))
        .setAppliedClipShare(EventChecks.number(clip.applied().share()))
        .setAppliedClipFactor(EventChecks.number(clip.applied().factor()))
        .build();
  }

  /** The record of an incident's revision. */
  public static FleetIncident toRecord(Incident incident) {
    return FleetIncident.newBuilder()
        .setIncidentId(incident.id())
        .setRevision(incident.revision())
        .setState(STATES.of(incident.state()))
        .setSeverity(SEVERITIES.of(incident.severity()))
        .setTag(incident.group().tag())
        .setTagValue(incident.group().value())
        .setOpenedAt(incident.openedAt())
        .setUpdatedAt(incident.updatedAt())
        .setMembers(incident.members().stream().map(RecordMapper::member).toList())
        .setRunsWatched(incident.runsWatched())
        .setSummary(incident.summary())
        .build();
  }

  private static IncidentMember member(Incident.Member member) {
    return new IncidentMember(
        member.project(),
        member.runId(),
        member.page().alarmId(),
        KINDS.of(member.page().kind()),
        member.page().step(),
        member.emittedAt());
  }

  private static SeriesStatistics series(io.gradwatch.core.stats.SeriesStatistics series) {
    return SeriesStatistics.newBuilder()
        .setCount(series.count())
        .setLast(EventChecks.number(series.last()))
        .setMean(EventChecks.number(series.mean()))
        .setSpread(EventChecks.number(series.spread()))
        .setMinimum(EventChecks.number(series.minimum()))
        .setMaximum(EventChecks.number(series.maximum()))
        .setP10(EventChecks.number(series.p10()))
        .setP50(EventChecks.number(series.p50()))
        .setP90(EventChecks.number(series.p90()))
        .setP99(EventChecks.number(series.p99()))
        .setGrowthRate(EventChecks.number(series.growthRate()))
        .build();
  }

  private static @Nullable Double orNull(double value) {
    return Double.isNaN(value) ? null : (Double) EventChecks.number(value);
  }

  private static List<Float> floats(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(EventChecks.number(value));
    }
    return list;
  }
}
