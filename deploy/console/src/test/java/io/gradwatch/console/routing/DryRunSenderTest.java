package io.gradwatch.console.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.model.Labels;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Dispatch.Form;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.notice.RoutedAlarm;
import io.gradwatch.console.routing.targets.TargetFormats;
import io.gradwatch.records.Delivery;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DryRunSenderTest {
  private final List<String> lines = new ArrayList<>();

  private Outcome send(Notice notice) {
    RouterConfig config =
        Configs.of("targets: [{name: pager, type: pagerduty, routing-key: 'env:KEY'}]");
    TargetConfig pager = Objects.requireNonNull(config.targets().get("pager"));
    return new DryRunSender(pager, TargetFormats.of(pager, config), lines::add, Clock.systemUTC())
        .send(new Dispatch(Form.SINGLE, List.of(notice)));
  }

  private static Notice notice(Cause cause, @Nullable Delivery told) {
    RoutedAlarm alarm = new RoutedAlarm(Alarms.open(1, 0), new TopicPartition("t", 0), 0, 0, 0);
    Labels labels = new Labels(alarm.id(), "", "", "", "", "", Map.of());
    return new Notice(cause, alarm, labels, 0, told, null, true);
  }

  @Test
  void anAcknowledgementIsSaidOnce() {
    Notice opened = notice(Cause.OPENED, null);
    Delivery told = opened.delivery("pager", send(opened).reference(), 0);
    assertThat(told.getReference()).isEqualTo(Alarms.id(1));
    assertThat(send(notice(Cause.ACKNOWLEDGED, told)).reference())
        .isEqualTo(Alarms.id(1) + " acknowledged");
    assertThat(lines).hasSize(2);
  }
}
