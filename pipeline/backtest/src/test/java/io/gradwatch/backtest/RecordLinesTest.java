package io.gradwatch.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DetectorPolicy;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Evidence;
import io.gradwatch.records.Policy;
import io.gradwatch.schemas.RecordCodec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RecordLinesTest {

  /** Avro fills in defaults of trusted classes only; the codec vouches for ours. */
  @BeforeAll
  static void trustOurRecords() {
    RecordCodec.of(ClipRecommendation.class);
  }

  @Test
  void leadsWithTheRunAndKeepsNamesAndOrderOfTheSchema() {
    ClipRecommendation advice =
        ClipRecommendation.newBuilder()
            .setProject("default")
            .setRunId("r1")
            .setMadeAtStep(20)
            .setClipThreshold(1.5)
            .setLayerClipThresholds(List.of(0.1f, Float.NaN))
            .build();

    assertThat(RecordLines.line(advice))
        .startsWith(
            "{\"run\":\"r1\",\"project\":\"default\",\"run_id\":\"r1\",\"attempt\":0,"
                + "\"made_at_step\":20,")
        .contains(
            "\"clip_threshold\":1.5,\"layer_clip_thresholds\":[0.1,\"NaN\"],\"clip_value\":null")
        .endsWith("\"frozen\":false,\"reason\":\"UNKNOWN\",\"summary\":\"\"}");
  }

  @Test
  void writesRecordsInsideRecordsAndEmptyLists() {
    DivergenceAlarm alarm =
        DivergenceAlarm.newBuilder()
            .setRunId("r1")
            .setEvidence(List.of(new Evidence("loss", Double.POSITIVE_INFINITY)))
            .build();

    assertThat(RecordLines.line(alarm))
        .contains("\"evidence\":[{\"name\":\"loss\",\"value\":\"Infinity\"}],\"layers\":[]");
  }

  @Test
  void writesMapsInTheOrderOfTheirNames() {
    DetectorPolicy detector = DetectorPolicy.newBuilder().setEnabled(true).build();
    Policy policy =
        Policy.newBuilder()
            .setName("default")
            .setClip(new TreeMap<>(Map.of("b", 2.0, "a", 1.0, "c", 3.0)).descendingMap())
            .setDetectors(Map.of("DIVERGENCE", detector))
            .build();

    assertThat(RecordLines.line(policy))
        .startsWith("{\"scope\":\"FLEET\"")
        .contains("\"detectors\":{\"DIVERGENCE\":{\"enabled\":true,")
        .contains("\"clip\":{\"a\":1.0,\"b\":2.0,\"c\":3.0},");
  }
}
