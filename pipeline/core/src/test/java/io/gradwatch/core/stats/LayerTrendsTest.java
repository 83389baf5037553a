package io.gradwatch.core.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerTrendsTest {
  private static final int STEPS = 900;

  private final TrendPass pass = new TrendPass();

  /** What a layer tells: noise around a level that moves, jumps, outliers, nothing, zeros. */
  private static double value(SplittableRandom random, int layer, int step) {
    double level = layer % 7 - 3 + (layer % 5 == 0 ? 0.01 * step : 0);
    double noise = 0.1 * (random.nextDouble() - 0.5) * (layer % 6);
    if (random.nextInt(40) == 0) {
      return level + 50 * (random.nextDouble() - 0.5);
    }
    if (layer % 11 == 3 && random.nextInt(3) == 0) {
      return random.nextBoolean() ? Double.NEGATIVE_INFINITY : Double.NaN;
    }
    return level + noise + (step > 600 && layer % 4 == 1 ? 3 : 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 40, 127, 128, 129, 300})
  void eachIsTheTrendOfItsLayerToTheLastBit(int layers) {
    SplittableRandom random = new SplittableRandom(layers);
    LayerTrends trends = new LayerTrends();
    trends.makeRoom(layers);
    double[] one = new double[layers * Trend.CELLS];
    for (int step = 0; step < STEPS; step++) {
      int told = random.nextInt(50) == 0 ? random.nextInt(layers + 1) : layers;
      double rise = random.nextInt(4) == 0 ? 0.05 * random.nextDouble() : 1e-4;
      double[] values = new double[layers + 3];
      for (int layer = 0; layer < layers; layer++) {
        values[layer] = value(random, layer, step);
        if (layer < told && Double.isFinite(values[layer])) {
          Trend.update(one, layer * Trend.CELLS, 10L * step, values[layer], rise);
        } else {
          Trend.forgive(one, layer * Trend.CELLS, rise);
        }
      }
      trends.update(pass, values, told, 10L * step, rise);
      assertThat(bits(trends.layerByLayer())).as("step %d", step).isEqualTo(bits(one));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 128, 129, 300})
  void layersThatAreNeverSilentLearnTogetherToTheLastBit(int layers) {
    SplittableRandom random = new SplittableRandom(layers);
    LayerTrends trends = new LayerTrends();
    trends.makeRoom(layers);
    double[] one = new double[layers * Trend.CELLS];
    double[] values = new double[layers];
    for (int step = 0; step < STEPS; step++) {
      for (int layer = 0; layer < layers; layer++) {
        double jump = step > 300 && layer % 9 == 4 ? 20 : 0;
        double outlier = random.nextInt(1_000) == 0 ? 30 : 0;
        values[layer] = layer % 5 + jump + outlier + 0.1 * random.nextDouble() * (layer % 3);
        Trend.update(one, layer * Trend.CELLS, step, values[layer], 1e-3);
      }
      trends.update(pass, values, layers, step, 1e-3);
      assertThat(bits(trends.layerByLayer())).as("step %d", step).isEqualTo(bits(one));
    }
  }

  @Test
  void readsAsTrendDoes() {
    LayerTrends trends = grown(20, 400);
    for (int layer = 0; layer < 20; layer++) {
      double[] one = trends.of(layer);
      assertThat(trends.ready(layer)).isEqualTo(Trend.ready(one, 0)).isTrue();
      assertThat(trends.fast(layer)).isEqualTo(Trend.fast(one, 0));
      assertThat(trends.medium(layer)).isEqualTo(Trend.medium(one, 0));
      assertThat(trends.slow(layer)).isEqualTo(Trend.slow(one, 0));
      assertThat(trends.low(layer)).isEqualTo(Trend.low(one, 0));
      assertThat(trends.spread(layer)).isEqualTo(Trend.spread(one, 0));
      assertThat(trends.floorOfSpread(layer)).isEqualTo(Trend.floorOfSpread(one, 0));
      assertThat(trends.growth(layer)).isEqualTo(Trend.growth(one, 0));
    }
  }

  @Test
  void knowsNothingOfALayerThatNeverSpoke() {
    LayerTrends trends = new LayerTrends();
    trends.makeRoom(2);
    assertThat(trends.ready(1)).isFalse();
    assertThat(trends.fast(1)).isNaN();
    assertThat(trends.medium(1)).isNaN();
    assertThat(trends.spread(1)).isNaN();
    assertThat(trends.growth(1)).isNaN();
  }

  @Test
  void findsTheLayersThatHaveRisenAndTheHighest() {
    LayerTrends trends = new LayerTrends();
    trends.makeRoom(9);
    for (int step = 0; step < 200; step++) {
      double rising = step < 100 ? 0 : 0.05 * (step - 100);
      trends.update(pass, new double[] {1, rising, 2, rising, -1, 0, 3}, 7, step, 0);
    }
    trends.update(pass, new double[] {1, 6, 2, 6, -1, 0, 3, 90, 90}, 9, 200, 0);
    assertThat(trends.firstRisen(3, 0)).isEqualTo(1);
    assertThat(trends.firstRisen(3, 2)).isEqualTo(3);
    assertThat(trends.firstRisen(3, 4)).as("none").isEqualTo(9);
    assertThat(trends.firstRisen(9, 0)).as("none so far").isEqualTo(9);
    assertThat(trends.highestMedium(2, 3)).isEqualTo(trends.medium(2));
    assertThat(trends.highestMedium(4, 9)).as("7 and 8 are young").isEqualTo(trends.medium(6));
    assertThat(trends.highestMedium(7, 9)).isNaN();
  }

  @Test
  void laterLayersJoinAndTheFirstKeepWhatTheyKnow() {
    LayerTrends trends = grown(10, 200);
    double[] before = trends.layerByLayer();
    trends.makeRoom(5);
    assertThat(trends.size()).isEqualTo(10);
    trends.makeRoom(12);
    assertThat(trends.layerByLayer())
        .isEqualTo(Arrays.copyOf(before, 12 * Trend.CELLS))
        .isEqualTo(LayerTrends.of(trends.layerByLayer()).layerByLayer());
  }

  @Test
  void goesBackToItsLowestAndBeginsAnewAsEachTrendDoes() {
    LayerTrends trends = grown(10, 300);
    double[] one = trends.layerByLayer();
    for (int layer = 0; layer < 10; layer++) {
      Trend.returnToLow(one, layer * Trend.CELLS);
    }
    trends.returnToLow();
    assertThat(trends.layerByLayer()).isEqualTo(one);
    trends.restart();
    assertThat(trends.layerByLayer()).containsOnly(0);
  }

  private LayerTrends grown(int layers, int steps) {
    SplittableRandom random = new SplittableRandom(5);
    LayerTrends trends = new LayerTrends();
    trends.makeRoom(layers);
    double[] values = new double[layers];
    for (int step = 0; step < steps; step++) {
      for (int layer = 0; layer < layers; layer++) {
        values[layer] = value(random, layer, step);
      }
      trends.update(pass, values, layers, step, 1e-4);
    }
    return trends;
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }
}
