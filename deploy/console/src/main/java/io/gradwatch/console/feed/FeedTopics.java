package io.gradwatch.console.feed;

import io.gradwatch.schemas.Topics;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which topics a console reads. */
final class FeedTopics {
  private static final Set<String> SHARED =
      Set.of(Topics.INCIDENTS, Topics.SILENCES, Topics.ACKNOWLEDGEMENTS, Topics.JUDGEMENTS);

  private final boolean events;

  FeedTopics(boolean events) {
    this.events = events;
  }

  boolean contains(String topic) {
    return SHARED.contains(topic)
        || Stream.of(
                Topics.ALARMS_PATTERN, Topics.STATISTICS_PATTERN, Topics.RECOMMENDATIONS_PATTERN)
            .anyMatch(pattern -> matches(pattern, topic))
        || (events && matches(Topics.EVENTS_PATTERN, topic));
  }

  /** Whether a topic is large, so that how far back it is read may be bounded. */
  static boolean isLarge(String topic) {
    return matches(Topics.EVENTS_PATTERN, topic) || matches(Topics.STATISTICS_PATTERN, topic);
  }

  private static boolean matches(Pattern pattern, String topic) {
    return pattern.matcher(topic).matches();
  }
}
