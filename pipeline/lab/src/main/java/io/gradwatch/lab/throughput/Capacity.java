package io.gradwatch.lab.throughput;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the whole job takes of events that are all there, once Java's compiler has come to rest. */
public final class Capacity {
  private static final int ROUNDS = 3;

  private Capacity() {}

  /**
   * Measures it, as contests are: rounds that warm up, then the median of those that count.
   *
   * @param bootstrapServers of the Kafka whose topic of events is full
   * @param settings of Flink, which win
   * @param checkpoints URI of a folder for them
   * @param progress is told of every heat
   * @return events a second
   */
  public static double of(
      String bootstrapServers,
      int parallelism,
      Map<String, String> settings,
      String checkpoints,
      Consumer<String> progress)
      throws Exception {
    Track track = Track.of(bootstrapServers, parallelism, checkpoints).with(settings);
    return new Contest(
            List.of(Contestant.FULL), track::first, new HeatLength.Fixed(track.records()), progress)
        .hold(ROUNDS)
        .median(Contestant.FULL.name(), HeatResult::recordsPerSecond);
  }
}
