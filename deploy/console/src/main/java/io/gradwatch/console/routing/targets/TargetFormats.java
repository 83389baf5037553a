package io.gradwatch.console.routing.targets;

import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.TargetConfig;

/** The format of each type of target. */
public final class TargetFormats {
  private TargetFormats() {}

  /** The one of a target. */
  public static TargetFormat of(TargetConfig target, RouterConfig config) {
    AlarmText text = new AlarmText(config.links());
    return switch (target.type()) {
      case ALERTMANAGER -> new AlertmanagerFormat(target, text);
      case SLACK -> new SlackFormat(target, text);
      case PAGERDUTY -> new PagerDutyFormat(target, text);
      case WEBHOOK -> new WebhookFormat(target, text, target.name().equals(config.actionsTo()));
    };
  }
}
