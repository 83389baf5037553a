package io.gradwatch.core.detect;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import io.gradwatch.core.stats.LayerTrends;
import io.gradwatch.core.stats.Summary;
import io.gradwatch.core.stats.Trend;
import java.util.Arrays;

/**
 * The series of one run and what is known of them: the statistics that every detector and the
 * advisor read. They learn from finite values only; the trend of a norm is that of its logarithm,
 * the trend of the loss that of its logarithm too until a few losses below 0 are seen, and of the
 * loss itself from then on.
 */
public final class RunSeries implements State {
  /**
   * Growth of ln(norm) that is explained by each unit by which ln(loss) reaches a new low: while a
   * regression learns to half of its loss, its norms may grow sixteen times.
   */
  private static final double GROWTH_PER_FALL = 4;

  /** Power of the age with which norms may grow besides: as the square root of the steps taken. */
  private static final double GROWTH_PER_AGE = 0.5;

  /** Spreads by which a single loss above its level is a jump, after which it may heal. */
  private static final double JUMP_SPREADS = 8;

  /** Values within which a loss that heals after a jump comes back, in all runs recorded. */
  private static final int HEALING = 100;

  private static final LayerSeries[] LAYER_SERIES = LayerSeries.values();

  private double[] loss = new double[Trend.CELLS];
  private double[] norm = new double[Trend.CELLS];
  private LayerTrends layerNorms = new LayerTrends();
  private double[] lossSummary = new double[Summary.CELLS];
  private double[] normSummary = new double[Summary.CELLS];
  private double[] lossStart = new double[LossStart.CELLS];
  private long healing;
  private double[] measure = new double[NormMeasure.CELLS];
  private final LossSign lossSign = new LossSign();
  private final UsualBatch usualBatch = new UsualBatch();
  private final RunCounters counters = new RunCounters();
  private final RankTable ranks = new RankTable();

  @Override
  public void fields(StateCodec codec) {
    levels(codec);
    counters.fields(codec);
    measure(codec);
    if (codec.since(3)) {
      ranks.fields(codec);
    }
  }

  /** The fields that go back with the run: all but what was counted. */
  public void baselines(StateCodec codec) {
    int layers = layers();
    levels(codec);
    measure(codec);
    // Layers that came since are not forgotten: advice on them has room in other states.
    layerNorms.makeRoom(layers);
  }

  private void levels(StateCodec codec) {
    loss = trends(codec, loss);
    norm = trends(codec, norm);
    layers(codec);
    lossSummary = atLeast(codec.f64s(lossSummary), Summary.CELLS);
    normSummary = atLeast(codec.f64s(normSummary), Summary.CELLS);
    lossSign.fields(codec);
    usualBatch.fields(codec);
  }

  private void measure(StateCodec codec) {
    if (codec.since(2)) {
      lossStart = atLeast(codec.f64s(lossStart), LossStart.CELLS);
      healing = codec.i64(healing);
      measure = atLeast(codec.f64s(measure), NormMeasure.CELLS);
    }
  }

  private void layers(StateCodec codec) {
    double[] written = layerNorms.layerByLayer();
    double[] walked = trends(codec, written);
    if (walked != written) {
      layerNorms = LayerTrends.of(walked);
    }
  }

  private static double[] trends(StateCodec codec, double[] cells) {
    double[] walked = codec.f64s(cells);
    return codec.since(2) ? walked : Trend.ofFirstVersion(walked);
  }

  /** Learns the values that a reading found fit to learn from. */
  void learn(Reading reading, Observation observation) {
    counters.count(reading, observation);
    if (usualBatch.learn(observation.get(Scalar.BATCH_SIZE))) {
      restartLoss();
      restartNorms();
    }
    if (lossSign.learn(reading.loss())) {
      restartLoss();
    }
    if (NormMeasure.changedAt(measure, reading.step())) {
      restartNorms();
    }
    if (healing > 0) {
      healing--;
    } else if (reading.lossScore() >= JUMP_SPREADS) {
      healing = HEALING;
    }
    double lowBefore = Trend.ready(loss, 0) ? Trend.low(loss, 0) : Double.NaN;
    if (Double.isFinite(reading.lossValue())) {
      Trend.update(loss, 0, reading.step(), reading.lossValue());
      Summary.update(lossSummary, 0, reading.loss());
      LossStart.update(lossStart, loss, reading);
    }
    if (Double.isFinite(reading.normValue())) {
      Trend.update(norm, 0, reading.step(), reading.normValue());
    }
    if (Double.isFinite(reading.norm()) && !reading.skipped()) {
      Summary.update(normSummary, 0, reading.norm());
    }
    makeRoom(observation);
    double rise = explainedGrowth(lowBefore);
    Trend.forgive(norm, 0, rise);
    learnLayers(reading, observation, rise);
  }

  private void restartLoss() {
    Trend.restart(loss, 0);
    LossStart.restart(lossStart);
  }

  private void restartNorms() {
    Trend.restart(norm, 0);
    layerNorms.restart();
  }

  /** Takes the number of ranks that the run told. */
  public void worldSize(int ranks) {
    NormMeasure.worldSize(measure, norm, ranks);
  }

  /**
   * A new attempt has begun.
   *
   * @param isElsewhere true when at an earlier step than that of the levels known
   */
  public void beginAttempt(boolean isElsewhere) {
    ranks.clear();
    NormMeasure.watch(measure, norm, isElsewhere);
    if (isElsewhere) {
      rewind();
    }
  }

  /** True when norms were found at the newest observation to be measured otherwise than before. */
  public boolean measureChanged() {
    return NormMeasure.changedAt(measure, lastStep());
  }

  /**
   * The run has gone back to an earlier step. Its loss is then whatever it was there, above the
   * lowest, so it is learnt anew; norms return to where they were lowest.
   */
  private void rewind() {
    restartLoss();
    healing = 0;
    Trend.returnToLow(norm, 0);
    layerNorms.returnToLow();
  }

  /** Growth of ln(norm) at this step that learning and age explain. */
  private double explainedGrowth(double lowBefore) {
    double fall = lossIsLinear() ? 0 : lowBefore - Trend.low(loss, 0);
    double byAge = GROWTH_PER_AGE / Math.max(1, Trend.count(norm, 0));
    return byAge + (fall > 0 ? fall * GROWTH_PER_FALL : 0);
  }

  /** Layers that come later than others begin to be known then. */
  private void makeRoom(Observation observation) {
    for (LayerSeries any : LAYER_SERIES) {
      float[] values = observation.layers(any);
      if (values != null) {
        layerNorms.makeRoom(values.length);
      }
    }
  }

  /** Norms may grow while the run learns; only what they grow beyond that is judged. */
  private void learnLayers(Reading reading, Observation observation, double rise) {
    float[] norms = observation.layers(LayerSeries.GRAD_NORM);
    int learnt = norms == null || reading.skipped() || reading.normIsHeld() ? 0 : norms.length;
    layerNorms.update(reading.trendPass(), reading.layerLogs(), learnt, reading.step(), rise);
  }

  /** Cells of the {@link NormMeasure}. */
  double[] measure() {
    return measure;
  }

  /** Cells of the loss's {@link Trend}. */
  public double[] loss() {
    return loss;
  }

  /** Cells of the loss's {@link LossStart}. */
  double[] lossStart() {
    return lossStart;
  }

  /** Cells of the {@link Trend} of ln(global gradient norm). */
  public double[] norm() {
    return norm;
  }

  /** The trends of ln(gradient norm) of each layer. */
  public LayerTrends layerNorms() {
    return layerNorms;
  }

  /** Layers the run reports, in whichever series. */
  public int layers() {
    return layerNorms.size();
  }

  /** Cells of the loss's {@link Summary}. */
  public double[] lossSummary() {
    return lossSummary;
  }

  /** Cells of the {@link Summary} of the global gradient norm. */
  public double[] normSummary() {
    return normSummary;
  }

  /** True when the trend of the loss is that of the loss itself, not of its logarithm. */
  public boolean lossIsLinear() {
    return lossSign.isLinear();
  }

  /** True when factors between two losses mean nothing, or may turn out not to. */
  boolean lossMayBeNegative() {
    return lossIsLinear() || (lossSign.isDoubtful() && !Trend.ready(loss, 0));
  }

  /**
   * True for a while after the loss jumped: it may be on its way back, so slow signs, which what is
   * left of the jump would raise, are not judged.
   */
  boolean mayBeHealing() {
    return healing > 0;
  }

  /** Samples in the usual batch; 0 when none was told. */
  public double batchSize() {
    return usualBatch.size();
  }

  /** True when a batch of that size compares with no usual one. */
  boolean isOtherBatch(double samples) {
    return usualBatch.isOther(samples);
  }

  /** What the ranks told that speak for themselves. */
  public RankTable ranks() {
    return ranks;
  }

  /** Observations seen and their distance. */
  public RunCounters counters() {
    return counters;
  }

  /** Step of the newest observation. */
  public long lastStep() {
    return counters.lastStep();
  }

  /** Growth of ln(norm) per step; NaN until known. */
  public double normGrowthPerStep() {
    return Trend.growth(norm, 0) / counters.stepInterval();
  }

  /** Growth of ln(loss) per step; NaN until known or when the loss is not positive. */
  public double lossGrowthPerStep() {
    return lossIsLinear() ? Double.NaN : Trend.growth(loss, 0) / counters.stepInterval();
  }

  private static double[] atLeast(double[] cells, int length) {
    return cells.length < length ? Arrays.copyOf(cells, length) : cells;
  }
}
