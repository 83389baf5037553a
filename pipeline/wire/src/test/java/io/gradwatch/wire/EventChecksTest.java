package io.gradwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.wire.UndecodableException.Reason;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each bound at the last value inside and the first outside, on both ways into the core. */
class EventChecksTest {
  private static final String NOT_REPORTED = "[]";

  @Test
  void refusesAnEventWithoutABody() {
    assertRefused(event().setBody(null), Reason.NO_BODY, "body is null, must be one of the bodies");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", "\u2003"})
  void refusesABlankRunId(String runId) {
    assertRefused(
        event().setRunId(runId),
        Reason.INVALID_RUN_ID,
        "run_id is blank, must be 1 to 256 bytes that show");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\u0000b", "a\u001b[31mb", "a\u0085b"})
  void refusesControlCharactersInARunId(String runId) {
    assertThat(bothWays(event().setRunId(runId)).reason()).isEqualTo(Reason.INVALID_RUN_ID);
    assertThat(bothWays(event().setRunId(runId)).message()).startsWith("run_id at 1 is control");
  }

  @Test
  void boundsTheRunIdInBytes() {
    assertRead(event().setRunId("层".repeat(85) + "a"));
    assertRefused(
        event().setRunId("层".repeat(85) + "ab"),
        Reason.TEXT_TOO_LONG,
        "run_id is 257 bytes long, must be at most 256");
  }

  @Test
  void refusesHalfACharacterWhichHasNoUtf8() {
    TrainingEvent event = event().setRunId("a\uD83D").build();
    assertThat(Outcome.of(() -> EventMapper.toCore("default", event)).reason())
        .isEqualTo(Reason.INVALID_TEXT);
  }

  @Test
  void boundsTheAttempt() {
    assertRead(event().setAttempt(0));
    assertRead(event().setAttempt(Integer.MAX_VALUE));
    assertRefused(
        event().setAttempt(-1), Reason.INVALID_ATTEMPT, "attempt is -1, must be at least 0");
  }

  @Test
  void boundsTheStep() {
    assertRead(event().setStep(0));
    assertRead(event().setStep(1L << 53));
    assertRefused(event().setStep(-1), Reason.INVALID_STEP, "step is -1, must be 0 to 2^53");
    assertRefused(
        event().setStep((1L << 53) + 1),
        Reason.INVALID_STEP,
        "step is 9007199254740993, must be 0 to 2^53");
  }

  @Test
  void boundsTheRank() {
    assertRead(event().setRank(0));
    assertRead(event().setRank(1_048_575));
    assertRefused(
        event().setRank(-1), Reason.INVALID_RANK, "rank is -1, must be 0 to 1048575, or null");
    assertThat(bothWays(event().setRank(1_048_576)).reason()).isEqualTo(Reason.INVALID_RANK);
  }

  @ParameterizedTest
  @CsvSource({
    "-9223372036854775808, 0",
    "-1, 0",
    "0, 0",
    "99999999, 99999999", // a clock that started with the run
    "100000000, 100000000000", // seconds
    "1800000000, 1800000000000",
    "4294967296, 4294967296000", // the year 2106
    "99999999999, 99999999999000",
    "100000000000, 100000000000", // milliseconds
    "1800000000000, 1800000000000",
    "99999999999999, 99999999999999",
    "100000000000000, 100000000000", // microseconds
    "1800000000123456, 1800000000123",
    "99999999999999999, 99999999999999",
    "100000000000000000, 100000000000", // nanoseconds
    "1800000000123456789, 1800000000123",
    "9223372036854775807, 9223372036854"
  })
  void takesTimesInWhicheverUnitTheyWereTold(long emittedAt, long milliseconds) {
    assertThat(bothWays(event().setEmittedAt(emittedAt)).event())
        .contains("emittedAt=" + milliseconds + ",");
  }

  @ParameterizedTest
  @CsvSource({
    "_orig_mod.layers.0.weight, layers.0.weight",
    "_fsdp_wrapped_module._orig_mod.layers.0._fsdp_wrapped_module.mlp, layers.0.mlp",
    "layers.0._checkpoint_wrapped_module.mlp.weight, layers.0.mlp.weight",
    "layers._orig_mod, layers._orig_mod",
    "my_orig_mod.weight, my_orig_mod.weight",
    "module.weight, module.weight",
    "__orig_mod.weight, __orig_mod.weight"
  })
  void namesALayerAlikeWhateverItIsWrappedIn(String told, String name) {
    assertThat(bothWays(body(started().setLayerNames(List.of(told)))).event())
        .contains("layerNames=[" + name + "]");
  }

  @Test
  void namesOfLayersMayHoldAnyCharacterThatHasAUtf8() {
    for (String name :
        List.of("", "a\nb", "a\u0000b", "\u001b[31m", "\u202e", "=1+1", "<!channel>")) {
      assertThat(bothWays(body(started().setLayerNames(List.of(name)))).event())
          .contains("layerNames=[" + name + "]");
    }
  }

  @ParameterizedTest
  @CsvSource({"run, Run", "run, ' run'", "\u00e9, e\u0301", "a, \u0430"})
  void runIdsThatLookAlikeAreDifferentRuns(String one, String other) {
    assertThat(bothWays(event().setRunId(one)).event()).contains("runId=" + one + ",");
    assertThat(bothWays(event().setRunId(other)).event())
        .contains("runId=" + other + ",")
        .doesNotContain("runId=" + one + ",");
  }

  @Test
  void boundsTheWorldSize() {
    assertRead(started().setWorldSize(1));
    assertRead(started().setWorldSize(1_048_576));
    assertThat(bothWays(body(started().setWorldSize(0))).reason())
        .isEqualTo(Reason.INVALID_WORLD_SIZE);
    assertThat(bothWays(body(started().setWorldSize(1_048_577))).reason())
        .isEqualTo(Reason.INVALID_WORLD_SIZE);
  }

  @Test
  void boundsTheLayers() {
    assertRead(started().setLayerNames(Collections.nCopies(16_384, "a")));
    assertRefused(
        body(started().setLayerNames(Collections.nCopies(16_385, "a"))),
        Reason.TOO_MANY_LAYERS,
        "layer_names is 16385 long, must be at most 16384");
    assertRead(step().setLayerWeightNorms(Collections.nCopies(16_384, 1f)));
    assertRefused(
        body(step().setLayerWeightNorms(Collections.nCopies(16_385, 1f))),
        Reason.TOO_MANY_LAYERS,
        "layer_weight_norms is 16385 long, must be at most 16384");
  }

  @Test
  void boundsNamesAndText() {
    assertRead(started().setLayerNames(List.of("x".repeat(256))));
    assertRefused(
        body(started().setLayerNames(List.of("x".repeat(257)))),
        Reason.TEXT_TOO_LONG,
        "a layer name is 257 bytes long, must be at most 256");
    assertRead(started().setOwner("x".repeat(1024)).setFramework("x".repeat(1024)));
    assertRefused(body(started().setOwner("x".repeat(1025))), Reason.TEXT_TOO_LONG);
    assertRefused(body(started().setFramework("x".repeat(1025))), Reason.TEXT_TOO_LONG);
    assertRead(started().setTags(Map.of("x".repeat(256), "x".repeat(1024))));
    assertRefused(body(started().setTags(Map.of("x".repeat(257), ""))), Reason.TEXT_TOO_LONG);
    assertRefused(body(started().setTags(Map.of("", "x".repeat(1025)))), Reason.TEXT_TOO_LONG);
    assertRead(step().setMetrics(Map.of("x".repeat(256), 1.0)));
    assertRefused(body(step().setMetrics(Map.of("x".repeat(257), 1.0))), Reason.TEXT_TOO_LONG);
    assertRead(event().setBody(new CheckpointSaved("x".repeat(4096), null)));
    assertRefused(
        event().setBody(new CheckpointSaved("x".repeat(4097), null)), Reason.TEXT_TOO_LONG);
  }

  @Test
  void boundsMetricsAndTags() {
    assertRead(step().setMetrics(named(256, 1.0)));
    assertRefused(body(step().setMetrics(named(257, 1.0))), Reason.TOO_MANY_METRICS);
    assertRead(started().setTags(named(256, "x")));
    assertRefused(body(started().setTags(named(257, "x"))), Reason.TOO_MANY_TAGS);
  }

  @Test
  void sortsMetricsAndTags() {
    Map<String, Double> metrics = new HashMap<>(Map.of("c", 3.0, "a", -0.0, "b", Double.NaN));
    assertThat(bothWays(event().setBody(new EvaluationCompleted(null, metrics))).event())
        .contains("metrics={a=0.0, b=NaN, c=3.0}");
    assertThat(bothWays(body(started().setTags(named(3, "x")))).event())
        .contains("tags={n0=x, n1=x, n2=x}");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e300, -1, 0, 1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void takesAnyLoss(double loss) {
    assertThat(scalars(step().setLoss(loss)))
        .isEqualTo("[LOSS=" + Long.toHexString(Double.doubleToLongBits(loss)) + "]");
  }

  @Test
  void refusesNegativeNormsAndCounts() {
    double below = -Double.MIN_VALUE;
    assertRefused(
        body(step().setGradNorm(-1.5)),
        Reason.NEGATIVE_VALUE,
        "grad_norm is -1.5, must be at least 0, or NaN");
    assertRefused(body(step().setGradNorm(below)), Reason.NEGATIVE_VALUE);
    assertRefused(body(step().setGradNorm(Double.NEGATIVE_INFINITY)), Reason.NEGATIVE_VALUE);
    assertRefused(body(step().setGradAbsMax(below)), Reason.NEGATIVE_VALUE);
    assertRefused(body(step().setNonfiniteCount(below)), Reason.NEGATIVE_VALUE);
    assertRefused(
        body(step().setLayerUpdateNorms(List.of(0f, -1f))),
        Reason.NEGATIVE_VALUE,
        "layer_update_norms[1] is -1.0, must be at least 0, or NaN");
    assertRead(step().setGradNorm(-0.0).setGradAbsMax(0.0).setNonfiniteCount(0.0));
  }

  @Test
  void boundsZeroFractions() {
    assertRead(step().setLayerZeroFractions(List.of(0f, 1f, Float.NaN)));
    assertRefused(
        body(step().setLayerZeroFractions(List.of(0f, Math.nextUp(1f)))),
        Reason.INVALID_FRACTION,
        "layer_zero_fractions[1] is 1.0000001, must be 0 to 1, or NaN");
    assertRefused(
        body(step().setLayerZeroFractions(List.of(-Float.MIN_VALUE))), Reason.INVALID_FRACTION);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void takesThresholdsScalesAndSizesThatMeanNothingForNotReported(double value) {
    assertThat(scalars(step().setClipThreshold(value))).isEqualTo(NOT_REPORTED);
    assertThat(scalars(step().setLossScale(value))).isEqualTo(NOT_REPORTED);
    assertThat(scalars(step().setBatchSize(value))).isEqualTo(NOT_REPORTED);
    assertThat(bothWays(body(started().setClipThreshold(value))).event())
        .contains("clipThreshold=NaN");
    assertThat(bothWays(event().setBody(new AdviceApplied(value, value, null))).event())
        .contains("AdviceApplied[advised=NaN, applied=NaN, madeAtStep=-1]");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void takesLearningRatesThatMeanNothingForNotReported(double value) {
    assertThat(scalars(step().setLearningRate(value))).isEqualTo(NOT_REPORTED);
    assertThat(scalars(step().setLearningRate(0.0))).isEqualTo("[LEARNING_RATE=0]");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void takesCountsThatAreNoNumberForNotReported(double value) {
    assertThat(scalars(step().setNonfiniteCount(value))).isEqualTo(NOT_REPORTED);
  }

  @Test
  void takesASkippedUpdateForOneAndAnotherForZero() {
    assertThat(scalars(step().setUpdateSkipped(true)))
        .isEqualTo("[UPDATE_SKIPPED=3ff0000000000000]");
    assertThat(scalars(step().setUpdateSkipped(false))).isEqualTo("[UPDATE_SKIPPED=0]");
  }

  @Test
  void takesAnEmptyLayerSeriesForNotReported() {
    assertThat(scalars(step().setLayerGradNorms(List.of()))).isEqualTo(NOT_REPORTED);
  }

  @Test
  void refusesLayerSeriesOfDifferentLengths() {
    assertRead(step().setLayerGradNorms(List.of(1f, 2f)).setLayerZeroFractions(List.of(0f, 0f)));
    assertRefused(
        body(step().setLayerGradNorms(List.of(1f, 2f)).setLayerZeroFractions(List.of(0f))),
        Reason.LAYERS_DISAGREE);
  }

  @Test
  void boundsHistograms() {
    assertRead(step().setHistogram(histogram(-1100, 256, 0)));
    assertRead(step().setHistogram(histogram(1100, 0, Long.MAX_VALUE)));
    assertRefused(body(step().setHistogram(histogram(-1101, 1, 0))), Reason.INVALID_HISTOGRAM);
    assertRefused(body(step().setHistogram(histogram(1101, 1, 0))), Reason.INVALID_HISTOGRAM);
    assertRefused(
        body(step().setHistogram(histogram(Integer.MIN_VALUE, 1, 0))), Reason.INVALID_HISTOGRAM);
    assertRefused(body(step().setHistogram(histogram(0, 257, 0))), Reason.INVALID_HISTOGRAM);
    assertRefused(
        body(step().setHistogram(histogram(0, 1, -1))),
        Reason.INVALID_HISTOGRAM,
        "histogram.zeros is -1, must be at least 0");
    assertRefused(
        body(step().setHistogram(new Log2Histogram(0, List.of(1L, -2L), 0L, 0L))),
        Reason.INVALID_HISTOGRAM,
        "histogram.counts[1] is -2, must be at least 0");
  }

  @Test
  void takesTheStepOfTheEnvelopeForACheckpointThatDoesNotTellItsOwn() {
    assertThat(bothWays(event().setBody(new CheckpointSaved("u", null))).event())
        .contains("CheckpointSaved[uri=u, checkpointStep=7]");
    assertThat(bothWays(event().setBody(new CheckpointSaved("u", 5L))).event())
        .contains("checkpointStep=5");
    assertRefused(event().setBody(new CheckpointSaved("u", -1L)), Reason.INVALID_STEP);
    assertRefused(event().setBody(new AdviceApplied(1.0, 1.0, -1L)), Reason.INVALID_STEP);
  }

  @ParameterizedTest
  @CsvSource({"-1, NaN", "0, NaN", "1, 1.0", "9007199254740993, NaN"})
  void takesPlannedStepsThatCannotBeForNotTold(long planned, String taken) {
    assertThat(bothWays(body(started().setPlannedSteps(planned))).event())
        .contains("plannedSteps=" + taken);
  }

  private static TrainingEvent.Builder event() {
    return TrainingEvent.newBuilder().setRunId("run").setStep(7).setBody(new Heartbeat());
  }

  private static TrainingEvent.Builder body(RunStarted.Builder body) {
    return event().setBody(body.build());
  }

  private static TrainingEvent.Builder body(StepCompleted.Builder body) {
    return event().setBody(body.build());
  }

  private static RunStarted.Builder started() {
    return RunStarted.newBuilder();
  }

  private static StepCompleted.Builder step() {
    return StepCompleted.newBuilder();
  }

  private static Log2Histogram histogram(int minExponent, int buckets, long zeros) {
    return new Log2Histogram(minExponent, Collections.nCopies(buckets, 1L), zeros, 0L);
  }

  private static <V> Map<String, V> named(int count, V value) {
    return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "n" + i, i -> value));
  }

  private static String scalars(StepCompleted.Builder step) {
    String event = bothWays(body(step)).event();
    return event.substring(event.lastIndexOf(" [") + 1);
  }

  private static void assertRead(StepCompleted.Builder step) {
    assertRead(body(step));
  }

  private static void assertRead(RunStarted.Builder started) {
    assertRead(body(started));
  }

  private static void assertRead(TrainingEvent.Builder event) {
    assertThat(bothWays(event).message()).isNull();
  }

  private static void assertRefused(TrainingEvent.Builder event, Reason reason) {
    assertThat(bothWays(event).reason()).isEqualTo(reason);
  }

  private static void assertRefused(TrainingEvent.Builder event, Reason reason, String message) {
    assertThat(bothWays(event)).isEqualTo(new Outcome(null, reason, message));
  }

  /** The outcome, which is the same for the record and for its bytes, message included. */
  private static Outcome bothWays(TrainingEvent.Builder builder) {
    TrainingEvent event = builder.build();
    Outcome mapped = Outcome.of(() -> EventMapper.toCore("default", event));
    assertThat(Outcome.byHand(Outcome.CODEC.encode(event))).isEqualTo(mapped);
    return mapped;
  }
}
