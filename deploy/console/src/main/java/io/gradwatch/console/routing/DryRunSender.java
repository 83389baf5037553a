package io.gradwatch.console.routing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.delivery.Sender;
import io.gradwatch.console.routing.http.HttpMessage;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Outcome;
import io.gradwatch.console.routing.targets.TargetFormat;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * Says what would be sent, a line of JSON each, without secrets, and sends nothing.
 *
 * @param target who would be told
 * @param format in which words
 * @param lines takes the lines
 * @param clock the time
 */
record DryRunSender(TargetConfig target, TargetFormat format, Consumer<String> lines, Clock clock)
    implements Sender {
  @Override
  public Outcome send(Dispatch dispatch) {
    HttpMessage message = format.message(dispatch, clock.instant());
    if (message != null) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("target", target.name());
      line.put("type", target.type().word());
      line.put("host", target.address().toString());
      line.put("cause", dispatch.first().cause().name());
      line.put("alarms", dispatch.notices().size());
      line.put(
          "run",
          dispatch.first().record().getProject() + "/" + dispatch.first().record().getRunId());
      line.put("body", target.redacted(message.body()));
      lines.accept(line.toString());
    }
    return format.taken(dispatch);
  }
}
