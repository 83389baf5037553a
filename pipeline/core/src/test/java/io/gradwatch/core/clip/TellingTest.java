package io.gradwatch.core.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.clip.ClipRule.Guard;
import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipPolicy;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.core.state.StateReader;
import io.gradwatch.core.state.StateWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the advisor tells of the thresholds that a rule wants, whatever the rule. */
class TellingTest {
  private static final Offset<Double> ROUNDING = within(1e-12);

  /** Wants what the test says. */
  private static final class Scripted implements ClipRule {
    private final Guard guard;
    private double wanted;
    private boolean settled = true;

    Scripted(Guard guard, double wanted) {
      this.guard = guard;
      this.wanted = wanted;
    }

    @Override
    public int cells() {
      return 1;
    }

    @Override
    public Guard guard() {
      return guard;
    }

    @Override
    public boolean settled(double[] cells) {
      return settled;
    }

    @Override
    public double wanted(double[] cells, Reading reading, RunSeries series, boolean disturbed) {
      cells[0]++;
      return wanted;
    }
  }

  private final ClipPolicy policy = Policy.defaults().clip();
  private final Advice advice = new Advice();
  private final RunSeries series = new RunSeries();
  private final Reading reading = new Reading();
  private long step;
  private boolean disturbed;

  private @Nullable AdviceReason step(Scripted rule) {
    reading.take(series, step++, new Observation().set(Scalar.GRAD_NORM, 1), false);
    return new ClipAdvisor(policy, ClipRuleKind.ADAPTIVE, rule)
        .observe(advice, reading, series, disturbed);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, 0, -1, Double.POSITIVE_INFINITY})
  void whatIsNoThresholdIsNotTold(double wanted) {
    Scripted rule = new Scripted(Guard.NONE, wanted);
    assertThat(step(rule)).isNull();
    assertThat(advice.threshold()).isNaN();

    rule.wanted = 2;
    assertThat(step(rule)).isEqualTo(AdviceReason.COLD_START);
    rule.wanted = wanted;
    assertThat(step(rule)).isNull();
    assertThat(advice.threshold()).isEqualTo(2);
  }

  @Test
  void behindTheDeadBandAloneAChangeIsToldWholeOrNotAtAll() {
    Scripted rule = new Scripted(Guard.DEAD_BAND, 1);
    step(rule);
    rule.wanted = StrictMath.exp(policy.deadBand() - 1e-9);
    assertThat(step(rule)).isNull();
    assertThat(advice.threshold()).isEqualTo(1);

    rule.wanted = 1e6;
    assertThat(step(rule)).isEqualTo(AdviceReason.BASELINE);
    assertThat(advice.threshold()).isEqualTo(1e6);
    rule.wanted = 1e-6;
    step(rule);
    assertThat(advice.threshold()).isEqualTo(1e-6);
  }

  @Test
  void behindTheDeadBandAloneNothingIsFrozen() {
    Scripted rule = new Scripted(Guard.DEAD_BAND, 1);
    step(rule);
    disturbed = true;
    rule.wanted = 2;
    step(rule);
    assertThat(advice.threshold()).isEqualTo(2);
  }

  @Test
  void whatIsToldAnywayIsToldExactly() {
    Scripted rule = new Scripted(Guard.DEAD_BAND, 1);
    step(rule);
    rule.wanted = 1.01;
    disturbed = true;
    assertThat(step(rule)).isEqualTo(AdviceReason.DISTURBANCE);
    assertThat(advice.threshold()).isEqualTo(1.01);
  }

  @Test
  void withoutAGuardTheSmallestChangeIsToldAtOnceAndNoChangeNever() {
    Scripted rule = new Scripted(Guard.NONE, 1);
    step(rule);
    assertThat(step(rule)).isNull();
    rule.wanted = 1.0001;
    assertThat(step(rule)).isEqualTo(AdviceReason.BASELINE);
    assertThat(advice.threshold()).isEqualTo(1.0001);
  }

  @Test
  void behindAllGuardsAThresholdRisesByTheBoundedFactorOnceInAnInterval() {
    Scripted rule = new Scripted(Guard.BOUNDED, 1);
    step(rule);
    rule.wanted = 100;
    for (int i = 1; i < policy.raiseIntervalSteps(); i++) {
      assertThat(step(rule)).isNull();
    }
    assertThat(step(rule)).isEqualTo(AdviceReason.BASELINE);
    assertThat(advice.threshold()).isCloseTo(StrictMath.exp(policy.raise()), ROUNDING);
    assertThat(step(rule)).isNull();
  }

  @Test
  void untilTheRuleHasSettledItsThresholdRisesByTheBoundedFactorAtEveryStep() {
    Scripted rule = new Scripted(Guard.BOUNDED, 1);
    rule.settled = false;
    step(rule);
    rule.wanted = 100;
    for (int i = 1; i <= 3; i++) {
      step(rule);
      assertThat(advice.threshold()).isCloseTo(StrictMath.exp(i * policy.raise()), ROUNDING);
    }
    rule.settled = true;
    assertThat(step(rule)).isNull();
  }

  @Test
  void aRuleThatNeedsMoreCellsThanItHadFindsThemZero() {
    step(new Scripted(Guard.NONE, 1));
    assertThat(advice.cells(ClipRuleKind.ADAPTIVE, 3)).containsExactly(1, 0, 0);
  }

  @Test
  void theNumbersOfARuleSurviveARestart() throws Exception {
    Scripted rule = new Scripted(Guard.NONE, 3);
    step(rule);
    step(rule);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    advice.fields(new StateWriter(new DataOutputStream(bytes)));
    Advice read = new Advice();
    read.fields(
        new StateReader(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));

    assertThat(read.cells(ClipRuleKind.ADAPTIVE, 1)).containsExactly(2);
    assertThat(read.ruleIsNew()).isFalse();
    assertThat(read.threshold()).isEqualTo(3);
  }
}
