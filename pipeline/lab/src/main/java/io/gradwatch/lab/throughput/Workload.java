package io.gradwatch.lab.throughput;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.agent.load.Scaled;
import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Events of a fleet, step by step through all runs; the same every time. Each run is the network,
 * begun a little earlier or later and at a scale of its own. One run in fifty explodes from its
 * middle on, or from step 500, and one record in ten thousand is garbage.
 *
 * @param network what every run trains
 * @param runs how many there are
 * @param records events in all
 */
record Workload(RecordedNetwork network, int runs, int records) {
  private static final int RUNS_PER_FAULT = 50;
  private static final int RECORDS_PER_GARBAGE = 10_000;

  /** Runs begin at one of the network's first steps. */
  private static final int DIFFERENT_STARTS = 256;

  /** Step from one run's start to the next run's; prime, so that neighbours differ. */
  private static final int STRIDE = 97;

  /** Steps in which the norms of a run that explodes double. */
  private static final double DOUBLING = 16;

  /** Beyond that they stay as they are: still finite as floats. */
  private static final double MOST_DOUBLINGS = 60;

  /**
   * However long the runs are: who reads the first part of the events only meets faults as well.
   */
  private static final int LATEST_FAULT_STEP = 500;

  private static final int MOST_WARM_UP_RECORDS = 1_000_000;
  private static final int MOST_WARM_UP_BYTES = 500_000_000;

  private static final byte[] GARBAGE = {7};

  /** The same with as many records as fit, at least one of each run. */
  Workload within(long bytes) {
    long bytesPerEvent = event(0).length;
    return new Workload(
        network, runs, (int) Math.max(runs, Math.min(records, bytes / bytesPerEvent)));
  }

  /** Records of a heat that only warms up: those of some seconds, and no more bytes than that. */
  int warmUpRecords() {
    return Math.min(MOST_WARM_UP_RECORDS, MOST_WARM_UP_BYTES / event(0).length);
  }

  int layers() {
    return network.layers();
  }

  Reported reported() {
    return network.reported();
  }

  /** Layer values of an event. */
  int values() {
    return layers() * (reported() == Reported.ALL_NORMS ? 3 : 1);
  }

  /** Key of a record: the id of its run. */
  byte[] key(int record) {
    return runId(record % runs).getBytes(UTF_8);
  }

  /** Value of a record. */
  byte[] event(int record) {
    return event(RecordCodec.of(TrainingEvent.class), record);
  }

  /** Sends it all; the bytes of the values. */
  long send(String bootstrapServers) {
    return send(bootstrapServers, 0, records);
  }

  /**
   * Sends a part of it; the bytes of the values.
   *
   * @param from first record
   * @param to behind the last record
   */
  long send(String bootstrapServers, int from, int to) {
    RecordCodec<TrainingEvent> codec = RecordCodec.of(TrainingEvent.class);
    byte[][] keys = new byte[runs][];
    for (int run = 0; run < runs; run++) {
      keys[run] = key(run);
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
      String topic = Topics.events(Topics.DEFAULT_PROJECT);
      for (int i = from; i < to; i++) {
        byte[] value = event(codec, i);
        bytes += value.length;
        // What gets lost is missed: every heat counts what it read.
        var unused = producer.send(new ProducerRecord<>(topic, keys[i % runs], value));
      }
    }
    return bytes;
  }

  private byte[] event(RecordCodec<TrainingEvent> codec, int record) {
    return record % RECORDS_PER_GARBAGE == RECORDS_PER_GARBAGE - 1
        ? GARBAGE
        : codec.encode(event(record % runs, record / runs));
  }

  private TrainingEvent event(int run, int step) {
    int place = step + STRIDE * run % DIFFERENT_STARTS;
    double scale = 1 + (run % 16) / 8.0;
    double gradientScale = scale * growth(run, step);
    return TrainingEvent.newBuilder()
        .setRunId(runId(run))
        .setStep(step)
        .setEmittedAt(1_700_000_000_000L + 1_000L * step)
        .setBody(
            StepCompleted.newBuilder()
                .setLoss((double) network.loss(run, place))
                .setGradNorm(gradientScale * network.gradNorm(place))
                .setLayerGradNorms(norms(LayerSeries.GRAD_NORM, place, gradientScale))
                .setLayerWeightNorms(norms(LayerSeries.WEIGHT_NORM, place, scale))
                .setLayerUpdateNorms(norms(LayerSeries.UPDATE_NORM, place, scale))
                .build())
        .build();
  }

  /** True for a run that explodes. */
  static boolean explodes(int run) {
    return run % RUNS_PER_FAULT == 1;
  }

  private double growth(int run, int step) {
    int half = Math.min(LATEST_FAULT_STEP, records / runs / 2);
    return explodes(run) && step > half
        ? Math.pow(2, Math.min(MOST_DOUBLINGS, (step - half) / DOUBLING))
        : 1;
  }

  private @Nullable List<Float> norms(LayerSeries series, int place, double factor) {
    float[] values = network.norms(series, place);
    return values == null ? null : new Scaled(values, factor);
  }

  static String runId(int run) {
    return "run-%05d".formatted(run);
  }
}
