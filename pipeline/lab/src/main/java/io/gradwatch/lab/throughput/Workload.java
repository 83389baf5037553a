package io.gradwatch.lab.throughput;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.lab.SyntheticSteps;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Events of a fleet, step by step through all runs. One run in fifty explodes in its second half,
 * and one record in ten thousand is garbage.
 *
 * @param runs how many there are
 * @param layers of each run
 * @param reported of each layer
 * @param records events in all
 */
record Workload(int runs, int layers, SyntheticSteps.Reported reported, int records) {
  private static final int DIFFERENT_STEPS = 512;
  private static final int RUNS_PER_FAULT = 50;
  private static final int RECORDS_PER_GARBAGE = 10_000;

  /** Steps in which the norms of a run that explodes double. */
  private static final double DOUBLING = 16;

  /** Beyond that they stay as they are: still finite as floats. */
  private static final double MOST_DOUBLINGS = 60;

  private static final byte[] GARBAGE = {7};

  /** Layer values of an event. */
  int values() {
    return layers * (reported == SyntheticSteps.Reported.ALL_NORMS ? 3 : 1);
  }

  /** Sends it all; the bytes of the values. */
  long send(String bootstrapServers) {
    RecordCodec<TrainingEvent> codec = RecordCodec.of(TrainingEvent.class);
    Observation[] steps = SyntheticSteps.of(DIFFERENT_STEPS, layers, reported);
    byte[][] keys = new byte[runs][];
    for (int run = 0; run < runs; run++) {
      keys[run] = RecordEncoder.key(runId(run));
    }
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            1 << 18,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            128L << 20);
    long bytes = 0;
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        int run = i % runs;
        byte[] value =
            i % RECORDS_PER_GARBAGE == RECORDS_PER_GARBAGE - 1
                ? GARBAGE
                : codec.encode(event(run, i / runs, steps));
        bytes += value.length;
        // What gets lost is missed: every heat counts what it read.
        var unused =
            producer.send(
                new ProducerRecord<>(Topics.events(Topics.DEFAULT_PROJECT), keys[run], value));
      }
    }
    return bytes;
  }

  private TrainingEvent event(int run, int step, Observation[] steps) {
    Observation observation = steps[(step + 7 * run) % steps.length];
    int half = records / runs / 2;
    double growth =
        run % RUNS_PER_FAULT == 1 && step > half
            ? Math.pow(2, Math.min(MOST_DOUBLINGS, (step - half) / DOUBLING))
            : 1;
    return TrainingEvent.newBuilder()
        .setRunId(runId(run))
        .setStep(step)
        .setEmittedAt(1_700_000_000_000L + 1_000L * step)
        .setBody(
            StepCompleted.newBuilder()
                .setLoss(observation.get(Scalar.LOSS))
                .setGradNorm(growth * observation.get(Scalar.GRAD_NORM))
                .setLayerGradNorms(list(observation.layers(LayerSeries.GRAD_NORM), growth))
                .setLayerWeightNorms(list(observation.layers(LayerSeries.WEIGHT_NORM), 1))
                .setLayerUpdateNorms(list(observation.layers(LayerSeries.UPDATE_NORM), 1))
                .build())
        .build();
  }

  private static @Nullable List<Float> list(float @Nullable [] values, double factor) {
    if (values == null) {
      return null;
    }
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add((float) (factor * value));
    }
    return list;
  }

  private static String runId(int run) {
    return "run-%05d".formatted(run);
  }
}
