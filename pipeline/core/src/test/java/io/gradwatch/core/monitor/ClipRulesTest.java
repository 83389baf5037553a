package io.gradwatch.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.clip.AdviceReason;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** Clip rules as a policy chooses them: through the monitor, a restart, and a change of mind. */
class ClipRulesTest {
  private static final int SWITCH = 150;

  private record Change(ClipRuleKind from, ClipRuleKind to) {}

  static List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    for (ClipRuleKind from : ClipRuleKind.values()) {
      Arrays.stream(ClipRuleKind.values())
          .filter(to -> to != from)
          .forEach(to -> changes.add(new Change(from, to)));
    }
    return changes;
  }

  /** Norms about 2 that wander a little, every eleventh no number. */
  private static RunEvent event(int step) {
    double norm = step % 11 == 5 ? Double.NaN : 2 * StrictMath.exp(0.3 * StrictMath.sin(step));
    return event(step, new Observation().set(Scalar.LOSS, 1).set(Scalar.GRAD_NORM, norm));
  }

  private static RunEvent event(int attempt, int step) {
    RunEvent first = event(step);
    return new RunEvent(
        first.project(), first.runId(), attempt, step, step, first.rank(), first.body());
  }

  /** The same with two layers. */
  private static RunEvent layered(int step) {
    Observation plain = (Observation) event(step).body();
    float norm = (float) plain.get(Scalar.GRAD_NORM);
    return event(step, Trainings.withLayers(plain, 0.8f * norm, 0.6f * norm));
  }

  private static RunEvent event(int step, Observation observation) {
    return new RunEvent("vision", "r", 0, step, step, RunEvent.WHOLE_RUN, observation);
  }

  private static PolicyDocument run(long effectiveAt, Settings settings) {
    return new PolicyDocument(PolicyScope.RUN, "vision/r", effectiveAt, settings);
  }

  private static RunWatch watch(PolicyDocument... documents) {
    return new RunWatch(PolicyBook.of(List.of(documents)), "vision", "r");
  }

  private static List<Recommendation> advice(RunWatch watch, int from, int to) {
    List<Recommendation> advice = new ArrayList<>();
    for (int step = from; step < to; step++) {
      advice.addAll(watch.accept(event(step)).recommendations());
    }
    return advice;
  }

  /** Five steps whose loss and norm are no numbers. */
  private static List<Recommendation> lose(RunWatch watch, int from) {
    List<Recommendation> advice = new ArrayList<>();
    for (int step = from; step < from + 5; step++) {
      Observation lost =
          new Observation().set(Scalar.LOSS, Double.NaN).set(Scalar.GRAD_NORM, Double.NaN);
      advice.addAll(watch.accept(event(step, lost)).recommendations());
    }
    return advice;
  }

  private static Recommendation last(List<Recommendation> advice) {
    return advice.get(advice.size() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void aRunGoesOnFromItsStateAsIfNothingHadHappened(ClipRuleKind rule) {
    Policy policy = Policy.of(Settings.NONE.withClip(rule).withClip("dead_band", 0));
    RunMonitor monitor = new RunMonitor(policy);
    RunState whole = new RunState();
    RunState restored = new RunState();
    for (int step = 0; step < 300; step++) {
      String expected = monitor.accept(whole, layered(step)).recommendations().toString();
      restored = RunState.fromBytes(restored.toBytes());
      List<Recommendation> told = monitor.accept(restored, layered(step)).recommendations();
      assertThat(told.toString().replaceAll("\\[F@\\w+", ""))
          .isEqualTo(expected.replaceAll("\\[F@\\w+", ""));
    }
    assertThat(restored.toBytes()).isEqualTo(whole.toBytes());
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aRuleChosenInTheMiddleStartsFromNothingAndNeverTellsNan(Change change) {
    Settings from = Settings.NONE.withClip(change.from());
    Settings to = Settings.NONE.withClip(change.to());
    RunWatch watch = watch(run(0, from), run(SWITCH, to));
    List<Recommendation> before = advice(watch, 0, SWITCH);
    assertThat(before).isNotEmpty();
    List<Recommendation> after = advice(watch, SWITCH, 2 * SWITCH + 200);

    assertThat(after).allMatch(told -> told.clipThreshold() > 0 && told.clipThreshold() < 10);
    if (change.to() != ClipRuleKind.ADAPTIVE) {
      // A run that begins there, whose first steps have the same norms.
      RunWatch fresh = watch(run(0, to));
      List<Recommendation> expected = advice(fresh, SWITCH, 2 * SWITCH + 200);
      assertThat(after.stream().map(Recommendation::clipThreshold).toList())
          .isEqualTo(expected.stream().map(Recommendation::clipThreshold).toList());
      assertThat(after.get(0).reason()).isEqualTo(AdviceReason.COLD_START);
    }
  }

  @Test
  void whileANewRuleWarmsUpTheAdviceBeforeItHolds() {
    RunWatch watch =
        watch(
            run(0, Settings.NONE.withClip(ClipRuleKind.FIXED)),
            run(SWITCH, Settings.NONE.withClip(ClipRuleKind.ZCLIP)));
    advice(watch, 0, SWITCH);

    assertThat(advice(watch, SWITCH, SWITCH + 20)).isEmpty();
    assertThat(advice(watch, SWITCH + 20, SWITCH + 40)).hasSize(1);
  }

  @Test
  void whileANewRuleWarmsUpTheAdviceBeforeItIsToldToANewAttemptAndRenewed() {
    Settings slow =
        Settings.NONE.withClip(ClipRuleKind.ZCLIP).withClip("zclip_warmup_norms", 10_000);
    RunWatch watch = watch(run(0, Settings.NONE), run(SWITCH, slow));
    Recommendation before = last(advice(watch, 0, SWITCH));
    advice(watch, SWITCH, SWITCH + 20);

    assertThat(watch.accept(event(1, SWITCH + 20)).recommendations())
        .singleElement()
        .returns(AdviceReason.RENEWED, Recommendation::reason)
        .returns(1, Recommendation::attempt)
        .satisfies(
            told ->
                assertThat(told.summary())
                    .matches(
                        "Still holds: clip at [\\d.]+ until zclip has a threshold; recent norms"
                            + " centre at .* stray from it .* holds until step 1170\\."))
        .returns(before.clipThreshold(), Recommendation::clipThreshold);
    List<Recommendation> later = new ArrayList<>();
    for (int step = SWITCH + 21; step < SWITCH + 1_100; step++) {
      later.addAll(watch.accept(event(1, step)).recommendations());
    }
    assertThat(later)
        .hasSize(2)
        .allMatch(told -> told.reason() == AdviceReason.RENEWED)
        .allMatch(told -> told.clipThreshold() == before.clipThreshold());
    assertThat(watch.accept(event(2, SWITCH + 50)).recommendations())
        .singleElement()
        .returns(AdviceReason.REWOUND, Recommendation::reason)
        .returns(before.clipThreshold(), Recommendation::clipThreshold);
  }

  @Test
  void ourRuleChosenInTheMiddleGetsWhereItWantsToBeAsSoonAsAtTheStart() {
    RunWatch watch =
        watch(
            run(0, Settings.NONE.withClip(ClipRuleKind.FIXED).withClip("fixed_threshold", 0.01)),
            run(SWITCH, Settings.NONE));
    advice(watch, 0, SWITCH);

    // ln(200) nats in steps of 0.25.
    assertThat(last(advice(watch, SWITCH, SWITCH + 30)).clipThreshold()).isGreaterThan(2);
  }

  @Test
  void ourRuleGoesOnFromTheAdviceBeforeItInBoundedSteps() {
    RunWatch watch =
        watch(
            run(0, Settings.NONE.withClip(ClipRuleKind.FIXED).withClip("fixed_threshold", 0.1)),
            run(SWITCH, Settings.NONE.withClip(ClipRuleKind.ADAPTIVE)));
    advice(watch, 0, SWITCH);
    List<Recommendation> after = advice(watch, SWITCH, 2 * SWITCH);

    assertThat(after.get(0).clipThreshold()).isCloseTo(0.1 * StrictMath.exp(0.25), within(1e-9));
    assertThat(last(after).clipThreshold()).isGreaterThan(1);
  }

  @Test
  void anotherFixedThresholdIsToldAtOnceHoweverNear() {
    Settings fixed = Settings.NONE.withClip(ClipRuleKind.FIXED);
    RunWatch watch = watch(run(0, fixed), run(SWITCH, fixed.withClip("fixed_threshold", 1.01)));

    assertThat(advice(watch, 0, SWITCH)).hasSize(1);
    assertThat(advice(watch, SWITCH, SWITCH + 1))
        .singleElement()
        .returns(1.01, Recommendation::clipThreshold);
  }

  @Test
  void adviceSaysWhichPublishedRuleItFollows() {
    RunWatch watch = watch(run(0, Settings.NONE.withClip(ClipRuleKind.FIXED)));
    Observation silent = new Observation().set(Scalar.LOSS, 1);
    RunEvent first = new RunEvent("vision", "r", 0, 0, 0, RunEvent.WHOLE_RUN, silent);

    assertThat(watch.accept(first).recommendations())
        .singleElement()
        .returns(1.0, Recommendation::clipThreshold)
        .returns(
            "First advice: clip at 1.000 (fixed); where norms centre is not known; holds until step"
                + " 1000.",
            Recommendation::summary);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"ZCLIP"})
  void theFirstNormSaysWhereNormsCentreButNotHowTheyStray(ClipRuleKind rule) {
    Recommendation first = last(advice(watch(run(0, Settings.NONE.withClip(rule))), 0, 1));

    assertThat(first.summary())
        .matches(
            "First advice: clip at [\\d.]+( \\("
                + rule.word()
                + "\\))?; norms centre at 2.000 so"
                + " far, how far they stray is not known; holds until step 1000\\.");
  }

  @Test
  void aRuleThatHasSeenTooFewNormsSaysSoWhereAnAlarmIsToldOf() {
    RunWatch watch = watch(run(0, Settings.NONE.withClip(ClipRuleKind.ZCLIP)));
    assertThat(advice(watch, 0, 20)).isEmpty();

    assertThat(last(lose(watch, 20)).summary())
        .startsWith(
            "A disturbance began: zclip has seen too few gradient norms above 0 to advise a clip"
                + " threshold. While the alarm is open: ");
  }

  @Test
  void aDisturbanceFreezesOurRuleOnly() {
    assertThat(frozen(ClipRuleKind.ADAPTIVE)).isTrue();
    assertThat(frozen(ClipRuleKind.AUTOCLIP)).isFalse();
  }

  private static boolean frozen(ClipRuleKind rule) {
    RunWatch watch = watch(run(0, Settings.NONE.withClip(rule)));
    advice(watch, 0, 100);
    List<Recommendation> advice = lose(watch, 100);
    assertThat(advice)
        .first()
        .returns(AdviceReason.DISTURBANCE, Recommendation::reason)
        .returns(0.5, Recommendation::learningRateFactor);
    return advice.get(0).frozen();
  }

  @Test
  void whatAPolicyLeavesOutInTheMiddleIsWithdrawnAtTheNextStep() {
    RunWatch watch = watch(run(0, Settings.NONE), run(SWITCH, Settings.NONE.withClip("layers", 0)));
    List<Recommendation> advice = new ArrayList<>();
    for (int step = 0; step < SWITCH; step++) {
      advice.addAll(watch.accept(layered(step)).recommendations());
    }
    assertThat(last(advice).layerClipThresholds()).hasSize(2);

    assertThat(watch.accept(layered(SWITCH)).recommendations())
        .singleElement()
        .returns(AdviceReason.RENEWED, Recommendation::reason)
        .returns(last(advice).clipThreshold(), Recommendation::clipThreshold)
        .satisfies(told -> assertThat(told.layerClipThresholds()).isEmpty())
        .satisfies(told -> assertThat(told.summary()).startsWith("Still holds: clip at"));
  }
}
