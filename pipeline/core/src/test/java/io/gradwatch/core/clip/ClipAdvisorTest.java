package io.gradwatch.core.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.core.detect.Reading;
import io.gradwatch.core.detect.RunSeries;
import io.gradwatch.core.policy.ClipPolicy;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipAdvisorTest {
  private final ClipPolicy policy = Policy.defaults().clip();
  private final ClipAdvisor advisor = new ClipAdvisor(policy);
  private final Advice advice = new Advice();
  private final RunSeries series = new RunSeries();
  private final Reading reading = new Reading();
  private final List<AdviceReason> reasons = new ArrayList<>();
  private final Random random = new Random(91);
  private long step;
  private boolean disturbed;

  private void norm(double norm) {
    reading.take(series, step++, new Observation().set(Scalar.GRAD_NORM, norm), false);
    AdviceReason reason = advisor.observe(advice, reading, series, disturbed);
    if (reason != null) {
      reasons.add(reason);
    }
  }

  private void norms(int count, double centre, double spread) {
    for (int i = 0; i < count; i++) {
      norm(centre * StrictMath.exp(spread * random.nextGaussian()));
    }
  }

  @Test
  void advisesFromTheFirstFiniteNorm() {
    norm(Double.NaN);
    assertThat(advice.threshold()).isNaN();
    norm(3);
    assertThat(reasons).containsExactly(AdviceReason.COLD_START);
    assertThat(advice.threshold()).isCloseTo(3, within(1e-9));
  }

  @Test
  void isLooseWhereNormsAreEven() {
    norms(500, 1, 0.02);
    assertThat(advice.threshold()).isBetween(1.6, 2.3);
  }

  @Test
  void isBelowTheCentreWhereNormsAreHeavyTailed() {
    norms(500, 1, 1);
    assertThat(advice.threshold()).isBetween(0.3, 0.9);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 1e4, 1e20})
  void theScaleOfNormsDoesNotMatter(double scale) {
    norms(300, 1, 0.2);
    ClipAdvisorTest scaled = new ClipAdvisorTest();
    scaled.norms(300, scale, 0.2);
    assertThat(scaled.advice.threshold() / scale)
        .isCloseTo(advice.threshold(), within(1e-6 * advice.threshold()));
  }

  @Test
  void aNanMovesNothing() {
    norms(300, 1, 0.2);
    double before = advice.threshold();
    norm(Double.NaN);
    norm(Double.POSITIVE_INFINITY);
    assertThat(advice.threshold()).isEqualTo(before);
  }

  @Test
  void neverRaisesWhileADisturbanceIsUnderWay() {
    norms(300, 1, 0.1);
    double before = advice.threshold();
    disturbed = true;
    for (int i = 0; i < 300; i++) {
      norm(StrictMath.exp(0.05 * i));
      assertThat(advice.threshold()).isLessThanOrEqualTo(before);
    }
    assertThat(reasons).contains(AdviceReason.DISTURBANCE);
  }

  @Test
  void letsAHealthyRunGrow() {
    norms(300, 1, 0.1);
    for (int i = 0; i < 600; i++) {
      norm(StrictMath.exp(i / 300.0 + 0.1 * random.nextGaussian()));
    }
    assertThat(advice.threshold()).isGreaterThan(StrictMath.exp(1.5));
  }

  @Test
  void changesRarelyAndByBoundedFactors() {
    norms(300, 1, 0.1);
    int before = reasons.size();
    double last = advice.threshold();
    for (int i = 0; i < 300; i++) {
      norms(1, 20, 0.1);
      assertThat(advice.threshold() / last).isLessThan(StrictMath.exp(policy.raise()) + 1e-9);
      last = advice.threshold();
    }
    assertThat(reasons.size() - before).isLessThan(40);
    int grown = reasons.size();
    norms(300, 20, 0.1);
    assertThat(reasons.size() - grown).isLessThan(10);
  }

  @Test
  void tellsAgainBeforeItsValidityEnds() {
    norms(100, 1, 0.05);
    int before = reasons.size();
    norms(policy.validitySteps(), 1, 0.05);
    assertThat(reasons.subList(before, reasons.size())).contains(AdviceReason.RENEWED);
  }
}
