package io.gradwatch.cli.policy;

import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Keys of policies as they stand on the command line. */
final class PolicyKey {
  private static final String FLEET = "fleet/" + PolicyDocument.FLEET_NAME;

  private PolicyKey() {}

  /**
   * The key that a person means; {@code fleet} alone will do.
   *
   * @throws ParameterException when it is none
   */
  static String of(CommandLine commandLine, String text) {
    String key = text.equals("fleet") ? FLEET : text;
    try {
      return PolicyDocument.ofKey(key, 0, Settings.NONE).key();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }

  /** The keys whose settings a key inherits, from the farthest to itself. */
  static List<String> chain(String key) {
    PolicyDocument document = PolicyDocument.ofKey(key, 0, Settings.NONE);
    return switch (document.scope()) {
      case FLEET -> List.of(FLEET);
      case PROJECT -> List.of(FLEET, key);
      case RUN -> {
        String project = document.name().substring(0, document.name().indexOf('/'));
        yield List.of(
            FLEET, new PolicyDocument(PolicyScope.PROJECT, project, 0, Settings.NONE).key(), key);
      }
    };
  }
}
