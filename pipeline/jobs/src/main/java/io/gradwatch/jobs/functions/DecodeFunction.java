package io.gradwatch.jobs.functions;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.records.RecordHeader;
import io.gradwatch.jobs.types.JobTypes;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.schemas.RunRemoval;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.EventDecoder;
import io.gradwatch.wire.UndecodableException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Bytes to events; what cannot be decoded goes to {@link #DEAD_LETTERS}. */
public final class DecodeFunction extends ProcessFunction<ConsumedRecord, RunEvent> {
  /** Side output: refused records. */
  public static final OutputTag<ProducedRecord> DEAD_LETTERS =
      new OutputTag<>("dead-letters", JobTypes.PRODUCED);

  private static final String STAGE = "decode";

  private final int deadLetterMaxBytes;
  private final WireFormat wire;
  private final Map<String, String> projects = new HashMap<>();
  private transient EventDecoder decoder;
  private transient DeadLetters deadLetters;
  private transient DeadLetterCounter refused;
  private transient Counter decoded;

  /**
   * Decodes.
   *
   * @param deadLetterMaxBytes most bytes a dead letter keeps of a refused record
   * @param wire framings that are read
   */
  public DecodeFunction(int deadLetterMaxBytes, WireFormat wire) {
    this.deadLetterMaxBytes = deadLetterMaxBytes;
    this.wire = wire;
  }

  @Override
  public void open(OpenContext context) {
    AvroLimits.ensure();
    decoder = wire.eventDecoder();
    deadLetters = new DeadLetters(deadLetterMaxBytes);
    MetricGroup metrics = getRuntimeContext().getMetricGroup();
    refused = new DeadLetterCounter(metrics);
    decoded = metrics.counter("eventsDecoded");
  }

  @Override
  public void processElement(ConsumedRecord record, Context context, Collector<RunEvent> out) {
    RunEvent event;
    try {
      String project = projects.computeIfAbsent(record.topic(), Topics::project);
      event =
          isRemoval(record)
              ? EventDecoder.removal(project, record.key(), timestamp(context))
              : decoder.decode(project, record.value());
    } catch (UndecodableException e) {
      refused.inc(e.reason());
      context.output(DEAD_LETTERS, deadLetters.of(record, STAGE, e.reason().name(), e));
      return;
    }
    decoded.inc();
    out.collect(event);
  }

  private static boolean isRemoval(ConsumedRecord record) {
    return RunRemoval.isRemoval(
        record.value(), () -> record.headers().stream().map(RecordHeader::name).iterator());
  }

  private static long timestamp(Context context) {
    @Nullable Long timestamp = context.timestamp();
    return timestamp == null ? 0 : timestamp;
  }
}
