package io.gradwatch.lab.streams;

import static java.util.Objects.requireNonNull;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.wire.EventDecoder;
import io.gradwatch.wire.UndecodableException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Takes an event into the moments of its run; a record with the statistics of all its series. */
final class MomentsProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  static final String STORE = "moments";

  private final LongAdder consumed;
  private final EventDecoder decoder = new EventDecoder();
  private @Nullable ProcessorContext<byte[], byte[]> context;
  private @Nullable KeyValueStore<byte[], byte[]> store;

  /**
   * Without a store yet.
   *
   * @param consumed counts the records, garbage included
   */
  MomentsProcessor(LongAdder consumed) {
    this.consumed = consumed;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    consumed.increment();
    RunEvent event;
    try {
      event = decoder.decode("default", record.value());
    } catch (UndecodableException e) {
      return; // Counted; a user would send it to dead letters.
    }
    if (event.body() instanceof Observation step) {
      requireNonNull(context).forward(record.withValue(results(record.key(), step)));
    }
  }

  private byte[] results(byte[] run, Observation step) {
    KeyValueStore<byte[], byte[]> known = requireNonNull(store);
    Moments moments = Moments.of(known.get(run), series(step));
    int place = 0;
    for (LayerSeries series : LayerSeries.values()) {
      float[] values = step.layers(series);
      if (values != null) {
        for (float value : values) {
          moments.add(place++, value);
        }
      }
    }
    known.put(run, moments.state());
    return moments.results();
  }

  private static int series(Observation step) {
    int count = 0;
    for (LayerSeries series : LayerSeries.values()) {
      float[] values = step.layers(series);
      count += values == null ? 0 : values.length;
    }
    return count;
  }
}
