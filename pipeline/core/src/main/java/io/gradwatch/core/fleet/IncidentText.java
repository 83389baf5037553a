package io.gradwatch.core.fleet;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Words;
import io.gradwatch.core.fleet.Incident.Member;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a tired person reads of an incident. */
final class IncidentText {
  static final Comparator<Member> OLDEST_FIRST =
      Comparator.comparingLong(Member::emittedAt)
          .thenComparing(Member::project)
          .thenComparing(Member::runId);

  /** Longest part of a tag's value that is shown. */
  private static final int SHOWN = 64;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private IncidentText() {}

  /** How many of how many, of what, since when, with which kinds, and what to do. */
  static String open(Group group, List<Member> members, int size, int watched) {
    return Words.sentence(
        "%,d of %,d runs of %s page, the first at %s: %s; %s. %s.",
        size,
        watched,
        name(group),
        time(members.get(0).emittedAt()),
        kinds(members),
        projects(members),
        advice(group));
  }

  /** That it is over. */
  static String resolved(Group group, int size) {
    return Words.sentence(
        "None of the %,d runs of %s that paged does any more.", size, name(group));
  }

  /** That a wider incident has it. */
  static String absorbed(Group group, int size, Group wider) {
    return Words.sentence(
        "The %,d runs of %s that page are part of the incident of %s now.",
        size, name(group), name(wider));
  }

  private static String name(Group group) {
    String name = group.toString();
    int shown = SHOWN + group.tag().length();
    return name.length() <= shown ? name : name.substring(0, shown) + "...";
  }

  /** A time to the second, of UTC, such as {@code 2026-11-22 17:03:09 UTC}. */
  private static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  private static String kinds(List<Member> members) {
    Map<AlarmKind, Long> kinds =
        members.stream()
            .collect(
                Collectors.groupingBy(
                    member -> member.page().kind(), TreeMap::new, Collectors.counting()));
    return kinds.entrySet().stream()
        .sorted(Map.Entry.<AlarmKind, Long>comparingByValue().reversed())
        .map(kind -> kind.getValue() + " " + kind.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String projects(List<Member> members) {
    List<String> projects = members.stream().map(Member::project).distinct().toList();
    return projects.size() == 1
        ? "all of project " + projects.get(0)
        : "of " + projects.size() + " projects";
  }

  private static String advice(Group group) {
    return switch (group.tag()) {
      case "host" -> "Check the host before the runs";
      case "data_shard" -> "Check the data shard before the runs";
      default -> "Check what they share before the runs: network, storage, data, a release";
    };
  }
}
