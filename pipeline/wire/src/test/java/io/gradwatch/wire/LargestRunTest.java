package io.gradwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run at every bound of the contract. */
class LargestRunTest {
  private static final int STEPS = 101;

  /** Of so many bytes that as many names as there may be layers fit into an event. */
  private static final String NAME = "层".repeat(9);

  private static final int MOST_LAYERS = Limits.MAX_LAYERS;

  private final RunMonitor monitor = new RunMonitor(Policy.defaults());
  private final RecordEncoder encoder = new RecordEncoder();
  private final RunState state = new RunState();
  private int alarms;
  private int statistics;
  private int recommendations;

  @Test
  void hasRecordsWithinTheBoundsAndAStateThatComesBack() throws UndecodableException {
    List<String> names = new ArrayList<>(Collections.nCopies(MOST_LAYERS, NAME));
    names.subList(0, 250).replaceAll(name -> "x".repeat(Limits.MAX_NAME_BYTES));
    accept(0, RunStarted.newBuilder().setLayerNames(names).build());
    accept(0, new CheckpointSaved("u".repeat(Limits.MAX_URI_BYTES), 0L));
    for (int step = 0; step < STEPS; step++) {
      float growth = (float) StrictMath.pow(2, Math.max(0, step - STEPS / 2) / 4.0);
      accept(
          step,
          StepCompleted.newBuilder()
              .setLoss(2 + 0.1 * StrictMath.sin(step))
              .setGradNorm((double) growth)
              .setLayerGradNorms(Collections.nCopies(MOST_LAYERS, growth / 128))
              .setLayerWeightNorms(Collections.nCopies(MOST_LAYERS, growth))
              .build());
    }
    assertThat(alarms).isPositive();
    assertThat(statistics).isPositive();
    assertThat(recommendations).isPositive();
    assertThat(RunState.fromBytes(state.toBytes()).toBytes()).isEqualTo(state.toBytes());
  }

  private void accept(long step, Object body) throws UndecodableException {
    byte[] value =
        Outcome.CODEC.encode(
            TrainingEvent.newBuilder()
                .setRunId("r".repeat(Limits.MAX_NAME_BYTES))
                .setStep(step)
                .setBody(body)
                .build());
    Findings findings = monitor.accept(state, new EventDecoder().decode("default", value));
    for (Alarm alarm : findings.alarms()) {
      requireBound(encoder.encode(alarm));
      alarms++;
    }
    for (RunStatistics record : findings.statistics()) {
      requireBound(encoder.encode(record));
      statistics++;
    }
    for (Recommendation advice : findings.recommendations()) {
      requireBound(encoder.encode(advice));
      recommendations++;
    }
  }

  private static void requireBound(byte[] record) {
    assertThat(record).hasSizeLessThanOrEqualTo(Limits.MAX_RECORD_BYTES);
  }
}
