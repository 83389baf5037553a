package io.gradwatch.core.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rules that a clip threshold may follow; {@link PublishedClip} has the numbers of theirs. */
public enum ClipRuleKind {
  /** Gradwatch's own, the default. */
  ADAPTIVE,
  /** One threshold for the whole run. */
  FIXED,
  /** A percentile of all norms so far. */
  AUTOCLIP,
  /** A percentile of the recent norms. */
  QUANTILE,
  /** Some deviations above the mean of the recent norms. */
  ZCLIP,
  /** A factor above the mean of the recent norms as they were clipped. */
  ADAGC;

  /** The name of the setting. */
  public static final String SETTING = "rule";

  /** The name in a policy. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names in a policy. */
  public static List<String> words() {
    return Arrays.stream(values()).map(ClipRuleKind::word).toList();
  }

  /** The rule of a name in a policy; null when there is none. */
  public static @Nullable ClipRuleKind of(String word) {
    for (ClipRuleKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    return null;
  }

  /** What is wrong with a name that is no rule's: the names there are, and the nearest. */
  public static SettingProblem unknown(String word) {
    String nearest = NearestName.of(word, words());
    return new SettingProblem(
        "clip." + SETTING,
        "is "
            + word
            + ", it must be one of "
            + String.join(", ", words())
            + (nearest == null ? "" : "; did you mean " + nearest + "?"));
  }
}
