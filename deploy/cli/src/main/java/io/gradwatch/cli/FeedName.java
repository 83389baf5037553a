package io.gradwatch.cli;

import io.gradwatch.cli.kafka.Feed;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a feed, as it stands in the names of the topics. */
final class FeedName implements ITypeConverter<Feed> {
  @Override
  public Feed convert(String name) {
    for (Feed feed : Feed.values()) {
      if (name.equals(feed.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
        return feed;
      }
    }
    throw new TypeConversionException(
        "'" + name + "' is none of alarms, recommendations, statistics, incidents, dead-letters");
  }
}
