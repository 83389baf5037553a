package io.gradwatch.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.api.LayerMap;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.ImplicatedLayer;
import io.gradwatch.records.Severity;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerGridTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 127, 128, 129, 255, 256, 1_000, 16_384})
  void everyLayerIsInTheBandThatBeginsAtOrBeforeIt(int layers) {
    LayerGrid grid = new LayerGrid(layers);
    assertThat(grid.rows()).isEqualTo(Math.min(layers, LayerGrid.MOST_ROWS));
    for (int layer = 0; layer < layers; layer++) {
      int row = grid.rowOf(layer);
      assertThat(grid.firstLayer(row)).isLessThanOrEqualTo(layer);
      assertThat(grid.rowOf(grid.firstLayer(row))).isEqualTo(row);
      if (row + 1 < grid.rows()) {
        assertThat(grid.firstLayer(row + 1)).isGreaterThan(layer);
      }
    }
  }

  @Test
  void keepsTheLargestOfEachCellNaNAndInfinityAboveAll() {
    LayerGrid grid = new LayerGrid(3);
    for (int step = 0; step <= LayerGrid.COLUMNS; step++) {
      grid.add(
          step,
          List.of(
              (float) step, step == 0 ? Float.NaN : 1f, step == 3 ? Float.POSITIVE_INFINITY : 2f));
    }
    assertThat(grid.steps()).hasSize(LayerGrid.COLUMNS / 2 + 1).startsWith(0L, 2L);
    assertThat(grid.row(0)).startsWith(1f, 3f, 5f).endsWith(96f);
    assertThat(grid.row(1)).startsWith(Float.NaN, 1f);
    assertThat(grid.row(2)).startsWith(2f, Float.POSITIVE_INFINITY, 2f);
  }

  @Test
  void aCellThatNothingFellIntoIsNull() {
    LayerGrid grid = new LayerGrid(2);
    grid.add(0, List.of(1f, 2f));
    grid.add(2, List.of(3f));
    assertThat(grid.row(0)).containsExactly(1f, null, 3f);
    assertThat(grid.row(1)).containsExactly(2f, null, null);
  }

  @Test
  void leavesOutValuesBeyondTheLayers() {
    LayerGrid grid = new LayerGrid(1);
    grid.add(0, List.of(1f, 9f));
    assertThat(grid.row(0)).containsExactly(1f);
  }

  @Test
  void stepsBeforeTheFirstMoveWhatIsThere() {
    LayerGrid grid = new LayerGrid(1);
    grid.add(10, List.of(5f));
    grid.add(8, List.of(4f));
    assertThat(grid.steps()).containsExactly(8L, 9L, 10L);
    assertThat(grid.row(0)).containsExactly(4f, null, 5f);
  }

  @Test
  void theMapNamesBandsAndOrdersLayersAsTheyStarted() {
    LayerGrid grid = new LayerGrid(256);
    grid.add(0, Collections.nCopies(256, 1f));
    DivergenceAlarm alarm = Records.alarm(Records.id(1), "default", "run", 0, Severity.WARNING, 0);
    alarm.setLayers(
        List.of(
            new ImplicatedLayer("b", 3, 40L, 0.1),
            new ImplicatedLayer("gone", 256, 41L, 0.1),
            new ImplicatedLayer("a", 0, 42L, 0.1)));
    LayerMap map =
        LayerMaps.view(
            LayerKind.GRADIENT, grid, Records.started("first", "second"), List.of(alarm));
    assertThat(map.layers()).hasSize(128).startsWith("first .. second", "layer 2 .. layer 3");
    assertThat(map.firstLayers()).startsWith(0, 2, 4);
    assertThat(map.onsets())
        .containsExactly(
            new LayerMap.Onset(1, "b", 40, 1, Records.id(1)),
            new LayerMap.Onset(0, "a", 42, 2, Records.id(1)));
    assertThat(LayerMaps.view(LayerKind.ZEROS, null, null, List.of()).layers()).isEmpty();
  }

  @Test
  void theLayersOfAnAlarmStayMarkedWhenItIsOverUntilAnotherNamesSome() {
    AlarmStory earlier = story(1, 10);
    AlarmStory later = story(2, 20);
    assertThat(LayerMaps.naming(List.of(earlier, later), 0))
        .extracting(DivergenceAlarm::getAlarmId)
        .containsExactly(Records.id(1), Records.id(2));
    resolve(earlier, 30);
    assertThat(LayerMaps.naming(List.of(earlier, later), 0))
        .extracting(DivergenceAlarm::getAlarmId)
        .containsExactly(Records.id(2));
    resolve(later, 40);
    assertThat(LayerMaps.naming(List.of(earlier, later), 0))
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.getAlarmId()).isEqualTo(Records.id(2)))
        .satisfies(alarm -> assertThat(alarm.getLayers()).hasSize(1));
    assertThat(LayerMaps.naming(List.of(earlier, later), 1)).isEmpty();
  }

  private static AlarmStory story(long number, long generation) {
    DivergenceAlarm alarm =
        Records.alarm(Records.id(number), "default", "run", 0, Severity.WARNING, 0);
    alarm.setLayers(List.of(new ImplicatedLayer("a", 0, 42L, 0.1)));
    AlarmStory story = new AlarmStory(alarm);
    story.change(generation);
    return story;
  }

  private static void resolve(AlarmStory story, long generation) {
    DivergenceAlarm over =
        Records.alarm(story.newest().getAlarmId(), "default", "run", 1, Severity.WARNING, 0);
    over.setState(AlarmState.RESOLVED);
    assertThat(story.take(over)).isTrue();
    story.change(generation);
  }
}
