package io.gradwatch.jobs.functions;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.records.ProducedRecord;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * What makes something be found of a run, and where that goes: an event, or a look by the clock.
 *
 * @param context of the run
 * @param timestamp of the record that is the cause; null: it has none, or a clock is the cause
 */
record Occasion(
    KeyedBroadcastProcessFunction<String, RunEvent, ConsumedRecord, ProducedRecord>.ReadOnlyContext
        context,
    @Nullable Long timestamp) {
  /** The job's clock. */
  long now() {
    return context.currentProcessingTime();
  }

  /** The timers of the run. */
  TimerService timers() {
    return context.timerService();
  }

  /** Hands on what was found. */
  <T> void output(OutputTag<T> tag, T found) {
    context.output(tag, found);
  }
}
