package io.gradwatch.console.model;

import java.util.Map;

/**
 * What matchers of silences and rules look at.
 *
 * @param alarm its id
 * @param project project of the run
 * @param run the run
 * @param kind what was seen, such as DIVERGENCE
 * @param severity INFO, WARNING or CRITICAL
 * @param owner who to ask about the run
 * @param tags labels of the run
 */
public record Labels(
    String alarm,
    String project,
    String run,
    String kind,
    String severity,
    String owner,
    Map<String, String> tags) {

  /** What the name of a tag begins with where labels are named. */
  public static final String TAG = "tag:";

  /** The value of a label; blank when there is none of this name. */
  public String get(String label) {
    return switch (label) {
      case "alarm" -> alarm;
      case "project" -> project;
      case "run" -> run;
      case "kind" -> kind;
      case "severity" -> severity;
      case "owner" -> owner;
      default -> label.startsWith(TAG) ? tags.getOrDefault(label.substring(TAG.length()), "") : "";
    };
  }

  /** Whether a matcher may look at it. */
  public static boolean isKnown(String label) {
    return switch (label) {
      case "alarm", "project", "run", "kind", "severity", "owner" -> true;
      default -> label.startsWith(TAG) && label.length() > TAG.length();
    };
  }
}
