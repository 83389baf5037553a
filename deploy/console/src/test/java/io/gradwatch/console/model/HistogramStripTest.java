package io.gradwatch.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.api.HistogramPage;
import io.gradwatch.records.Log2Histogram;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramStripTest {
  private final HistogramStrip strip = new HistogramStrip();

  @Test
  void tellsSharesOverOneRangeOfExponents() {
    strip.add(0, new Log2Histogram(-2, List.of(0L, 1L, 2L, 0L), 1L, 0L));
    strip.add(5, new Log2Histogram(3, List.of(6L), 0L, 2L));
    HistogramPage page = strip.view();
    assertThat(page.steps()).containsExactly(0L, 5L);
    assertThat(page.minExponent()).isEqualTo(-1);
    assertThat(page.shares().get(0)).containsExactly(0.25f, 0.5f, 0f, 0f, 0f);
    assertThat(page.shares().get(1)).containsExactly(0f, 0f, 0f, 0f, 0.75f);
    assertThat(page.zeros()).containsExactly(0.25f, 0f);
    assertThat(page.nonfinite()).containsExactly(0L, 2L);
  }

  @Test
  void takesHistogramsOfNothing() {
    strip.add(0, new Log2Histogram(0, List.of(), 0L, 0L));
    strip.add(1, new Log2Histogram(7, List.of(0L, 0L), 3L, 0L));
    HistogramPage page = strip.view();
    assertThat(page.minExponent()).isZero();
    assertThat(page.shares()).containsExactly(List.of(), List.of());
    assertThat(page.zeros()).containsExactly(0f, 1f);
  }

  @Test
  void keepsEveryOtherOneWhenThereAreTooManyAndTheFirstAlways() {
    for (int step = 0; step < 1_000; step++) {
      strip.add(step, new Log2Histogram(0, List.of(1L), 0L, 0L));
    }
    List<Long> steps = strip.view().steps();
    assertThat(steps).hasSizeBetween(HistogramStrip.MOST / 2, HistogramStrip.MOST);
    for (int i = 0; i < steps.size(); i++) {
      assertThat(steps.get(i)).isEqualTo(i * 16L);
    }
  }
}
