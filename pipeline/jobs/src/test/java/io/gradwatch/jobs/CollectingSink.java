package io.gradwatch.jobs;

import io.gradwatch.jobs.records.ProducedRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** A sink that keeps what it gets in this process, under a name. */
final class CollectingSink implements Sink<ProducedRecord> {
  private static final Map<String, List<ProducedRecord>> COLLECTED = new ConcurrentHashMap<>();

  private final String name;

  CollectingSink(String name) {
    this.name = name;
    COLLECTED.put(name, new CopyOnWriteArrayList<>());
  }

  List<ProducedRecord> collected() {
    return COLLECTED.getOrDefault(name, List.of());
  }

  @Override
  public SinkWriter<ProducedRecord> createWriter(WriterInitContext context) {
    return new SinkWriter<>() {
      @Override
      public void write(ProducedRecord record, Context ignored) {
        COLLECTED.get(name).add(record);
      }

      @Override
      public void flush(boolean endOfInput) {}

      @Override
      public void close() {}
    };
  }
}
