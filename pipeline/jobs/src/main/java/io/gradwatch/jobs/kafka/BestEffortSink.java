package io.gradwatch.jobs.kafka;

import io.gradwatch.jobs.records.ProducedRecord;
import java.util.Collection;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes records to Kafka at least once where that can be done, and counts those it cannot be done
 * with in the metric {@value BestEffortWriter#LOST}. It has a committer, though with nothing to
 * commit, because KafkaSink has one: so a job that changes from one sink to the other finds a place
 * for all the state of its checkpoint.
 */
final class BestEffortSink
    implements Sink<ProducedRecord>, SupportsCommitter<BestEffortSink.Nothing> {
  private final Properties producer;

  /** What there is to commit. */
  enum Nothing {
    AT_ALL
  }

  /**
   * A sink.
   *
   * @param producer settings of the producer
   */
  BestEffortSink(Properties producer) {
    this.producer = producer;
  }

  @Override
  public SinkWriter<ProducedRecord> createWriter(WriterInitContext context) {
    return new BestEffortWriter(
        producer, context.metricGroup(), context.getProcessingTimeService());
  }

  @Override
  public Committer<Nothing> createCommitter(CommitterInitContext context) {
    return new Committer<>() {
      @Override
      public void commit(Collection<CommitRequest<Nothing>> none) {}

      @Override
      public void close() {}
    };
  }

  @Override
  public SimpleVersionedSerializer<Nothing> getCommittableSerializer() {
    return new SimpleVersionedSerializer<>() {
      @Override
      public int getVersion() {
        return 1;
      }

      @Override
      public byte[] serialize(Nothing nothing) {
        return new byte[0];
      }

      @Override
      public Nothing deserialize(int version, byte[] none) {
        return Nothing.AT_ALL;
      }
    };
  }
}
