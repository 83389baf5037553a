package io.gradwatch.console.page;

import io.gradwatch.records.ActionKind;
import io.gradwatch.records.AdviceReason;
import io.gradwatch.records.AdviceUse;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.ClipMode;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Evidence;
import io.gradwatch.records.ImplicatedLayer;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.NormStage;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.SeriesStatistics;
import io.gradwatch.records.Severity;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.SuggestedAction;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** A run as a trainer and the pipeline tell it, written record by record. */
final class SampleRun {
  private static final int STEP_MILLIS = 600;
  private static final int HISTOGRAM_EVERY = 20;
  private static final int HISTOGRAM_ROWS = 28;
  private static final int MIN_EXPONENT = -28;
  private static final double LAYER_DELAY_STEPS = 4;
  private static final double APPLIED = 4;
  private static final double ADVISED = 1.12;
  private static final double BASELINE = 0.62;
  private static final long PLANNED_STEPS = 20_000;

  private final Site site;
  private final String project;
  private final String run;
  private final long startedAt;
  private final List<String> layers;
  private final Random random;
  private int attempt = 1;
  private long step;

  /**
   * A run of which nothing is written yet.
   *
   * @param startedAt milliseconds since 1970-01-01 UTC
   * @param layers names of its layers; none: it reports no norms by layer
   */
  SampleRun(Site site, String project, String run, long startedAt, List<String> layers) {
    this.site = site;
    this.project = project;
    this.run = run;
    this.startedAt = startedAt;
    this.layers = layers;
    this.random = new Random(run.hashCode());
  }

  /** Names of so many layers of a transformer. */
  static List<String> layers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "model.layers." + i / 2 + (i % 2 == 0 ? ".self_attn" : ".mlp"))
        .toList();
  }

  String run() {
    return run;
  }

  String project() {
    return project;
  }

  /** Newest step written. */
  long step() {
    return step;
  }

  /** Begins the run, or a new attempt at a step. */
  SampleRun begin(int newAttempt, long atStep) {
    attempt = newAttempt;
    step = atStep;
    event(
        RunStarted.newBuilder()
            .setOwner("ada")
            .setFramework("pytorch")
            .setLayerNames(layers)
            .setWorldSize(64)
            .setPlannedSteps(PLANNED_STEPS)
            .setClipMode(ClipMode.GLOBAL_NORM)
            .setClipThreshold(APPLIED)
            .setNormStage(NormStage.PRE_CLIP)
            .setTags(Map.of("cluster", "h100-a", "team", "nlp"))
            .build());
    return this;
  }

  /**
   * Takes steps whose norm, from the onset on, grows at a rate per step; one in so many is told.
   */
  SampleRun steps(int count, int stride, long onset, double rate) {
    for (int i = 0; i < count; i++) {
      step += stride;
      double growth = step > onset ? Math.exp((step - onset) * rate) : 1;
      double noise = Math.exp(0.18 * random.nextGaussian());
      double norm = BASELINE * (0.7 + Math.exp(-step / 900.0)) * noise * growth;
      double loss = 2.2 + 8 * Math.exp(-step / 500.0) + 0.03 * random.nextGaussian();
      event(completed(norm, step > onset ? loss * Math.sqrt(growth) : loss, onset, rate));
    }
    return this;
  }

  private StepCompleted completed(double norm, double loss, long onset, double rate) {
    StepCompleted.Builder completed =
        StepCompleted.newBuilder()
            .setLoss(loss)
            .setGradNorm(norm)
            .setLearningRate(3e-4)
            .setClipThreshold(APPLIED);
    if (!layers.isEmpty()) {
      completed.setLayerGradNorms(layerNorms(onset, rate));
      if (step % HISTOGRAM_EVERY == 0) {
        completed.setHistogram(histogram(norm));
      }
    }
    return completed.build();
  }

  private List<Float> layerNorms(long onset, double rate) {
    List<Float> norms = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      double from = onset + LAYER_DELAY_STEPS * (layers.size() - 1 - layer);
      double growth = step > from ? Math.exp((step - from) * rate) : 1;
      double size = 0.08 * (1 + 0.4 * Math.sin(layer));
      norms.add((float) (size * growth * Math.exp(0.05 * random.nextGaussian())));
    }
    return norms;
  }

  private static Log2Histogram histogram(double norm) {
    double centre = 13 + Math.log(norm / BASELINE) / Math.log(2);
    List<Long> counts = new ArrayList<>();
    for (int row = 0; row < HISTOGRAM_ROWS; row++) {
      double away = (row - centre) / 2.4;
      counts.add((long) (1_000_000 * Math.exp(-away * away)));
    }
    return Log2Histogram.newBuilder()
        .setMinExponent(MIN_EXPONENT)
        .setCounts(counts)
        .setZeros(20_000)
        .setNonfinite(0)
        .build();
  }

  /** Saves a checkpoint of the newest step. */
  SampleRun checkpoint() {
    event(CheckpointSaved.newBuilder().setUri("s3://checkpoints/" + step).build());
    return this;
  }

  /** Ends the run. */
  SampleRun end(RunOutcome outcome) {
    event(RunEnded.newBuilder().setOutcome(outcome).build());
    return this;
  }

  private void event(Object body) {
    site.write(
        Topics.events(project),
        run,
        TrainingEvent.class,
        TrainingEvent.newBuilder()
            .setRunId(run)
            .setAttempt(attempt)
            .setStep(step)
            .setEmittedAt(now())
            .setBody(body)
            .build());
  }

  private long now() {
    return startedAt + step * STEP_MILLIS;
  }

  /** Statistics of the newest step. */
  SampleRun statistics(double lastNorm, double growthRate) {
    site.write(
        Topics.statistics(project),
        run,
        RunStatistics.class,
        RunStatistics.newBuilder()
            .setProject(project)
            .setRunId(run)
            .setAttempt(attempt)
            .setStep(step)
            .setEmittedAt(now())
            .setStepsSeen(step)
            .setStepsClipped(step / 15)
            .setLoss(series(2.31, 0))
            .setGradNorm(series(lastNorm, growthRate))
            .setAdvisedClipThreshold(ADVISED)
            .setAppliedClipThreshold(APPLIED)
            .setAdviceUse(AdviceUse.IGNORED)
            .setStepsAdvised(step)
            .setAdvisedClipShare(0.08)
            .setAdvisedClipFactor(1.2)
            .setAppliedClipShare(0.064)
            .setAppliedClipFactor(1.1)
            .build());
    return this;
  }

  private SeriesStatistics series(double last, double growthRate) {
    return SeriesStatistics.newBuilder()
        .setCount(step)
        .setLast(last)
        .setMean(0.9)
        .setSpread(0.21)
        .setMinimum(0.2)
        .setMaximum(Math.max(last, 10.2))
        .setP10(0.4)
        .setP50(BASELINE)
        .setP90(1.1)
        .setP99(3.4)
        .setGrowthRate(growthRate)
        .build();
  }

  /** Clip advice. */
  SampleRun advice() {
    site.write(
        Topics.recommendations(project),
        run,
        ClipRecommendation.class,
        ClipRecommendation.newBuilder()
            .setProject(project)
            .setRunId(run)
            .setAttempt(attempt)
            .setMadeAtStep(step)
            .setValidUntilStep(step + 500)
            .setEmittedAt(now())
            .setClipThreshold(ADVISED)
            .setClipValue(0.013)
            .setCentre(BASELINE)
            .setSpread(0.21)
            .setFloor(0.8)
            .setCeiling(2.4)
            .setFrozen(true)
            .setReason(AdviceReason.DISTURBANCE)
            .setSummary(
                "Recent undisturbed norms centre on 0.62; 1.12 clips one step in a hundred.")
            .build());
    return this;
  }

  /** A critical alarm of a growth since an onset. */
  SampleRun growthAlarm(long onset, double rate) {
    int last = layers.size() - 1;
    List<ImplicatedLayer> started =
        IntStream.range(0, Math.min(6, layers.size()))
            .mapToObj(
                i ->
                    new ImplicatedLayer(
                        layers.get(last - i),
                        last - i,
                        onset + (long) (i * LAYER_DELAY_STEPS),
                        rate))
            .toList();
    double doubling = Math.log(2) / rate;
    double left = Math.log(65_504 / 20.0) / rate;
    DivergenceAlarm.Builder alarm =
        alarm(AlarmKind.EXPLODING_GRADIENT, Severity.CRITICAL, onset)
            .setEvidence(
                List.of(
                    new Evidence("grad_norm", 20.4),
                    new Evidence("grad_norm_baseline", BASELINE),
                    new Evidence("growth_rate_per_step", rate),
                    new Evidence("doubling_steps", doubling),
                    new Evidence("steps_to_overflow", left),
                    new Evidence("steps_to_overflow_low", 0.8 * left),
                    new Evidence("steps_to_overflow_high", 1.3 * left)))
            .setLayers(started)
            .setCheckpointStep(onset - 50)
            .setCheckpointUri("s3://checkpoints/" + (onset - 50))
            .setActions(
                List.of(
                    action(
                        ActionKind.LOWER_CLIP_THRESHOLD,
                        ADVISED,
                        "Lower the clip threshold to 1.12; the run applies 4."),
                    action(
                        ActionKind.ROLL_BACK,
                        (double) (onset - 50),
                        "Roll back to the checkpoint of step " + (onset - 50) + "."),
                    action(
                        ActionKind.LOWER_LEARNING_RATE,
                        0.5,
                        "Halve the learning rate until the norm is back.")))
            .setSummary(
                "Gradient norm doubles every %.1f steps since step %d; it overflows in about %.0f"
                        .formatted(doubling, onset, left)
                    + " steps.");
    write(alarm.build());
    return this;
  }

  /** A warning of a spike; resolved when it is over. */
  SampleRun spikeAlarm(long onset, boolean over, String summary) {
    write(
        alarm(AlarmKind.GRADIENT_SPIKE, Severity.WARNING, onset)
            .setState(over ? AlarmState.RESOLVED : AlarmState.OPEN)
            .setStep(over ? onset + 40 : step)
            .setEvidence(List.of(new Evidence("grad_norm", 8.7), new Evidence("norm_factor", 14.0)))
            .setActions(
                List.of(action(ActionKind.CHECK_DATA, 0, "Look at the batch of that step.")))
            .setSummary(summary)
            .build());
    return this;
  }

  private DivergenceAlarm.Builder alarm(AlarmKind kind, Severity severity, long onset) {
    return DivergenceAlarm.newBuilder()
        .setAlarmId(alarmId(kind, onset))
        .setRevision(1)
        .setProject(project)
        .setRunId(run)
        .setAttempt(attempt)
        .setKind(kind)
        .setSeverity(severity)
        .setState(AlarmState.OPEN)
        .setOnsetStep(onset)
        .setOpenedStep(onset + 15)
        .setStep(step)
        .setEmittedAt(now());
  }

  private void write(DivergenceAlarm alarm) {
    site.write(Topics.alarms(project), run, DivergenceAlarm.class, alarm);
  }

  private static SuggestedAction action(ActionKind kind, double value, String text) {
    return new SuggestedAction(kind, value, text);
  }

  /** Id of an alarm of this run: 32 hexadecimal digits. */
  String alarmId(AlarmKind kind, long onset) {
    byte[] name = (project + "/" + run + "/" + kind + onset).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).toString().replace("-", "");
  }
}
