package io.gradwatch.broker.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/**
 * Kafka's own authorizer, which remembers what it was asked. Kafka makes it by its name, one for
 * the broker and one for the controller, so what it remembers is the whole process's.
 */
public final class RecordingAuthorizer extends StandardAuthorizer {
  private static final Set<Asked> ASKED = ConcurrentHashMap.newKeySet();

  /** Everything asked since the start of the process, each once. */
  static Set<Asked> asked() {
    return Set.copyOf(ASKED);
  }

  @Override
  public List<AuthorizationResult> authorize(
      AuthorizableRequestContext context, List<Action> actions) {
    List<AuthorizationResult> results = super.authorize(context, actions);
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < actions.size(); i++) {
      asked.add(
          new Asked(
              context.principal().toString(),
              actions.get(i).operation(),
              actions.get(i).resourcePattern(),
              results.get(i) == AuthorizationResult.ALLOWED));
    }
    ASKED.addAll(asked);
    return results;
  }
}
