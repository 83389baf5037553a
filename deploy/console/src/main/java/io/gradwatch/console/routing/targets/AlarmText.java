package io.gradwatch.console.routing.targets;

import io.gradwatch.console.routing.config.RouterConfig.Links;
import io.gradwatch.console.routing.notice.Cause;
import io.gradwatch.console.routing.notice.Notice;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.SuggestedAction;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Words for a tired person: what, where, since when, what to do. Names of runs and layers are
 * whatever a trainer sent: what could break a line or turn a text around is taken out here, what a
 * target reads as its markup each format escapes.
 *
 * @param links where the words point to
 */
public record AlarmText(Links links) {
  private static final int MOST_ACTIONS = 3;
  private static final int MOST_LINE = 300;

  /** One line, such as {@code CRITICAL resnet-7 (vision): ...}. */
  public String headline(Notice notice) {
    DivergenceAlarm alarm = notice.record();
    String where = "%s (%s)".formatted(clean(alarm.getRunId()), clean(alarm.getProject()));
    return switch (notice.cause()) {
      case RESOLVED -> "RESOLVED " + where + ": " + kindWords(alarm.getKind()) + resolution(alarm);
      case WITHDRAWN -> "SILENCED " + where + ": " + kindWords(alarm.getKind());
      case ESCALATED -> "NOBODY ANSWERS, " + open(alarm, where);
      case OPENED, ROSE, ACKNOWLEDGED, STILL_OPEN -> open(alarm, where);
    };
  }

  private static String open(DivergenceAlarm alarm, String where) {
    return "%s %s: %s".formatted(alarm.getSeverity(), where, summary(alarm));
  }

  /** What the alarm says of itself; its kind where it says nothing. */
  public static String summary(DivergenceAlarm alarm) {
    return alarm.getSummary().isBlank() ? kindWords(alarm.getKind()) : clean(alarm.getSummary());
  }

  /** What to do, in a line such as {@code Do: a; b}; blank when nothing is suggested. */
  public static String doThis(DivergenceAlarm alarm) {
    String actions =
        alarm.getActions().stream()
            .map(SuggestedAction::getText)
            .filter(text -> !text.isBlank())
            .limit(MOST_ACTIONS)
            .map(AlarmText::clean)
            .collect(Collectors.joining("; "));
    return actions.isEmpty() ? "" : "Do: " + actions;
  }

  /** Since when, and which layers began; one line. */
  public static String since(DivergenceAlarm alarm) {
    String layers =
        alarm.getLayers().stream()
            .limit(3)
            .map(layer -> clean(layer.getName()))
            .collect(Collectors.joining(", "));
    String text =
        String.format(
            Locale.ROOT, "Since step %,d, seen at step %,d", alarm.getOnsetStep(), alarm.getStep());
    return layers.isEmpty() ? text : text + "; first in " + layers;
  }

  /** Page of the run at the alarm's step; blank when there is no console. */
  public String runLink(DivergenceAlarm alarm) {
    return links.console().isEmpty()
        ? ""
        : "%s/run/%s/%s?step=%d"
            .formatted(
                links.console(),
                encode(alarm.getProject()),
                segment(alarm.getRunId()),
                alarm.getOnsetStep());
  }

  /** Page of the alarm; blank when there is no console. */
  public String alarmLink(DivergenceAlarm alarm) {
    return links.console().isEmpty()
        ? ""
        : links.console() + "/alarms/" + encode(alarm.getAlarmId());
  }

  /** Page of all alarms; blank when there is no console. */
  public String alarmsLink() {
    return links.console().isEmpty() ? "" : links.console() + "/alarms";
  }

  /** What to do about alarms of its kind; blank when there is no such page. */
  public String runbookLink(DivergenceAlarm alarm) {
    return links.runbook().replace("{kind}", slug(alarm.getKind()));
  }

  /** Commands to copy. */
  public static List<String> commands(DivergenceAlarm alarm) {
    String id = alarm.getAlarmId();
    if (!id.matches("[0-9a-f]{1,64}")) {
      return List.of(); // nothing that a trainer chose is to be pasted into a shell
    }
    return List.of(
        "gradwatch ack " + id, "gradwatch silence add alarm=" + id + " --for 2h --note seen");
  }

  /** Many alarms in one line, such as {@code 490 alarms in 3 projects: 400 CRITICAL, ...}. */
  public static String countLine(List<Notice> notices) {
    long projects = notices.stream().map(n -> n.record().getProject()).distinct().count();
    String severities =
        notices.stream()
            .collect(Collectors.groupingBy(n -> n.record().getSeverity(), Collectors.counting()))
            .entrySet()
            .stream()
            .sorted((a, b) -> b.getKey().compareTo(a.getKey()))
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    boolean ends = notices.get(0).cause() == Cause.RESOLVED;
    return "%d alarms %sin %d %s: %s"
        .formatted(
            notices.size(),
            ends ? "RESOLVED " : "",
            projects,
            projects == 1 ? "project" : "projects",
            severities);
  }

  /** Kinds of many alarms with their counts, the most frequent first. */
  public static String kindsLine(List<Notice> notices) {
    return notices.stream()
        .collect(Collectors.groupingBy(n -> n.record().getKind(), Collectors.counting()))
        .entrySet()
        .stream()
        .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
        .map(entry -> kindWords(entry.getKey()) + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  /** {@code EXPLODING_GRADIENT} as {@code exploding gradient}. */
  static String kindWords(AlarmKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** {@code EXPLODING_GRADIENT} as {@code exploding-gradient}. */
  static String slug(AlarmKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String resolution(DivergenceAlarm alarm) {
    return switch (alarm.getResolution()) {
      case NONE -> "";
      case RECOVERED ->
          String.format(Locale.ROOT, ", the run recovered at step %,d", alarm.getStep());
      case REWOUND -> ", the run was rewound";
      case RUN_ENDED -> ", the run ended";
    };
  }

  /** Without line breaks, controls, characters that turn a text around, and beyond a line. */
  static String clean(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().limit(MOST_LINE).map(AlarmText::harmless).forEach(out::appendCodePoint);
    return text.codePointCount(0, text.length()) > MOST_LINE
        ? out.append("…").toString()
        : out.toString();
  }

  private static int harmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          ' ';
      default -> c;
    };
  }

  /** As the console's paths want it: what is no plain name as Base64 (URL) behind a ~. */
  private static String segment(String run) {
    return run.matches("[A-Za-z0-9._-]+") && !run.matches("[.]{1,2}")
        ? run
        : "~"
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(run.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
