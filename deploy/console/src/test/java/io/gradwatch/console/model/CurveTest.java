package io.gradwatch.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.api.SeriesPage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurveTest {
  private static final long ALL = Long.MAX_VALUE;

  private final Curve curve = new Curve();

  @Test
  void keepsEveryStepWhileThereIsRoom() {
    for (int step = 0; step < Curve.CAPACITY; step++) {
      curve.add(step, step);
    }
    SeriesPage.Curve view = curve.view(0, ALL, Curve.CAPACITY);
    assertThat(view.steps()).hasSize(Curve.CAPACITY).endsWith(Curve.CAPACITY - 1L);
    assertThat(view.low()).isEqualTo(view.high()).isEqualTo(view.last());
  }

  @Test
  void joinsNeighboursAtTheFirstStepBeyond() {
    for (int step = 0; step <= Curve.CAPACITY; step++) {
      curve.add(step, step);
    }
    SeriesPage.Curve view = curve.view(0, ALL, Curve.CAPACITY);
    assertThat(view.steps()).hasSize(Curve.CAPACITY / 2 + 1).startsWith(0L, 2L, 4L).endsWith(400L);
    assertThat(view.low()).startsWith(0f, 2f, 4f);
    assertThat(view.high()).startsWith(1f, 3f, 5f).endsWith(400f);
    assertThat(view.last()).isEqualTo(view.high());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void losesNoExtremeAndKeepsTheLastWhateverTheSteps(long seed) {
    Random random = new Random(seed);
    long step = (long) (random.nextDouble() * Math.pow(10, random.nextInt(12)));
    float least = Float.MAX_VALUE;
    float most = -Float.MAX_VALUE;
    float last = 0;
    int values = 1 + random.nextInt(5_000);
    for (int i = 0; i < values; i++) {
      last = (float) random.nextGaussian();
      least = Math.min(least, last);
      most = Math.max(most, last);
      curve.add(step, last);
      step += 1 + (random.nextInt(100) == 0 ? (long) 1e9 : random.nextInt(50));
    }
    SeriesPage.Curve view = curve.view(0, ALL, 1 + random.nextInt(Curve.CAPACITY));
    assertThat(Collections.min(view.low())).as("seed %d", seed).isEqualTo(least);
    assertThat(Collections.max(view.high())).as("seed %d", seed).isEqualTo(most);
    assertThat(view.last()).as("seed %d", seed).endsWith(last);
    assertThat(view.steps()).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
    assertThat(view.steps()).hasSizeLessThanOrEqualTo(Curve.CAPACITY);
    for (int i = 0; i < view.steps().size(); i++) {
      assertThat(view.last().get(i)).isBetween(view.low().get(i), view.high().get(i));
    }
  }

  @Test
  void takesAHugeFirstStep() {
    curve.add(1L << 53, 1);
    curve.add((1L << 53) + 1, 2);
    assertThat(curve.view(0, ALL, 10).steps()).containsExactly(1L << 53, (1L << 53) + 1);
  }

  @Test
  void takesAJumpOfATrillionSteps() {
    curve.add(0, 1);
    curve.add(1, 9);
    curve.add(1_000_000_000_000L, 2);
    SeriesPage.Curve view = curve.view(0, ALL, 10);
    assertThat(view.high()).containsExactly(9f, 2f);
    assertThat(view.steps().get(1)).isLessThanOrEqualTo(1_000_000_000_000L);
  }

  @Test
  void takesStepsBeforeTheFirstThatAnotherTopicTellsLater() {
    curve.add(1_000, 5);
    curve.add(0, 1);
    curve.add(500, 3);
    SeriesPage.Curve view = curve.view(0, ALL, Curve.CAPACITY);
    assertThat(view.low()).containsExactly(1f, 3f, 5f);
    assertThat(view.steps()).isSorted().startsWith(0L);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void losesNothingOfStepsInAnyOrder(long seed) {
    Random random = new Random(seed);
    List<Long> steps = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      steps.add((long) (random.nextDouble() * 1e6));
    }
    steps.forEach(step -> curve.add(step, step));
    SeriesPage.Curve view = curve.view(0, ALL, 2_000);
    assertThat(Collections.min(view.low())).isEqualTo((float) Collections.min(steps));
    assertThat(Collections.max(view.high())).isEqualTo((float) Collections.max(steps));
    assertThat(view.steps()).isSorted().hasSizeLessThanOrEqualTo(Curve.CAPACITY);
    for (int i = 0; i < view.steps().size(); i++) {
      assertThat(view.low().get(i)).as("seed %d", seed).isGreaterThanOrEqualTo(view.steps().get(i));
    }
  }

  @Test
  void tellsTheStretchesOfAWindowAndNoMorePointsThanAskedFor() {
    for (int step = 0; step < 100; step++) {
      curve.add(step, step);
    }
    assertThat(curve.view(10, 19, 100).steps()).hasSize(10).startsWith(10L).endsWith(19L);
    assertThat(curve.view(10, 19, 3).high()).containsExactly(13f, 17f, 19f);
    assertThat(curve.view(10, 19, 1).low()).containsExactly(10f);
    assertThat(curve.view(200, 300, 5).steps()).hasSizeLessThanOrEqualTo(1);
    assertThat(curve.view(50, 40, 5).steps()).hasSizeLessThanOrEqualTo(1);
    assertThat(new Curve().view(0, ALL, 5).steps()).isEmpty();
  }

  @Test
  void notesTheFirst64StepsWithoutAFiniteValue() {
    for (int step = 0; step < 100; step++) {
      curve.add(step, step % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY);
    }
    SeriesPage.Curve view = curve.view(10, ALL, 10);
    assertThat(view.steps()).isEmpty();
    assertThat(view.nonfinite()).hasSize(54).startsWith(10L).endsWith(63L);
  }

  @Test
  void showsWhatAFloatCannotSayAtItsEdge() {
    curve.add(0, 1e300);
    curve.add(1, -1e300);
    assertThat(curve.view(0, ALL, 1).high()).containsExactly(Float.MAX_VALUE);
    assertThat(curve.view(0, ALL, 1).low()).containsExactly(-Float.MAX_VALUE);
  }

  @Test
  void aTrendIsTheLastOfEachPartOrTheLargest() {
    for (int step = 0; step < 96; step++) {
      curve.add(step, step % 2 == 0 ? 10 : step);
    }
    assertThat(curve.trend(48, false)).hasSize(48).startsWith(1f, 3f).endsWith(95f);
    assertThat(curve.trend(48, true)).startsWith(10f, 10f).endsWith(95f);
    assertThat(curve.trend(200, true)).hasSize(96);
    assertThat(new Curve().trend(48, true)).isEmpty();
  }
}
