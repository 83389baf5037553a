package io.gradwatch.console.routing;

import io.gradwatch.console.model.Labels;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.http.TargetClient;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Dispatch.Form;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.notice.RoutedAlarm;
import io.gradwatch.console.routing.targets.HttpSender;
import io.gradwatch.console.routing.targets.TargetFormats;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.Severity;
import io.gradwatch.schemas.RecordCodec;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tells a target of an alarm that is none, and that it is over: the way of every delivery, by the
 * same check of its address.
 *
 * @param config links of the messages
 * @param target who is told
 * @param options how targets are reached
 */
public record TestAlarm(RouterConfig config, TargetConfig target, RouterOptions options) {
  static {
    RecordCodec.of(DivergenceAlarm.class); // Avro makes records of classes only that it trusts
  }

  /** Opens and resolves it. What it says is without secrets. */
  public Outcome send() {
    try (TargetClient client =
        new TargetClient(
            target.address(), options.resolver(), options.patience(), options.clock())) {
      HttpSender sender = new HttpSender(TargetFormats.of(target, config), client, options.clock());
      DivergenceAlarm alarm = alarm();
      Notice opened = notice(Cause.OPENED, alarm, null);
      Outcome first = sender.send(new Dispatch(Form.SINGLE, List.of(opened)));
      if (!first.isDelivered()) {
        return redacted(first);
      }
      Delivery told = opened.delivery(target.name(), first.reference(), options.clock().millis());
      DivergenceAlarm over =
          DivergenceAlarm.newBuilder(alarm).setRevision(1).setState(AlarmState.RESOLVED).build();
      return redacted(
          sender.send(new Dispatch(Form.SINGLE, List.of(notice(Cause.RESOLVED, over, told)))));
    }
  }

  private Outcome redacted(Outcome outcome) {
    return new Outcome(
        outcome.kind(),
        target.redacted(outcome.reason()),
        outcome.reference(),
        outcome.retryAfter());
  }

  private DivergenceAlarm alarm() {
    return DivergenceAlarm.newBuilder()
        .setAlarmId(UUID.randomUUID().toString().replace("-", ""))
        .setProject("gradwatch")
        .setRunId("test-of-the-router")
        .setKind(AlarmKind.LOSS_SPIKE)
        .setSeverity(Severity.WARNING)
        .setState(AlarmState.OPEN)
        .setEmittedAt(options.clock().millis())
        .setSummary("this is a test of alert routing, nothing is wrong")
        .build();
  }

  private Notice notice(Cause cause, DivergenceAlarm alarm, @Nullable Delivery told) {
    long now = options.clock().millis();
    Labels labels =
        new Labels(
            alarm.getAlarmId(),
            alarm.getProject(),
            alarm.getRunId(),
            alarm.getKind().name(),
            alarm.getSeverity().name(),
            "",
            Map.of());
    return new Notice(
        cause,
        new RoutedAlarm(alarm, new TopicPartition("test", 0), 0, now, now),
        labels,
        0,
        told,
        null,
        true);
  }
}
