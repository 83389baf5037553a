package io.gradwatch.cli.console;

import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.console.api.AlarmDetail;
import io.gradwatch.console.api.AlarmPage;
import io.gradwatch.console.api.AlarmView;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds an alarm by its id or the beginning of it. */
final class AlarmFinder {
  /** Digits that tell alarms apart for people; more are needed only in a very large fleet. */
  private static final int BRIEF = 8;

  private static final int WHOLE = 32;
  private static final int MOST = 500;
  private static final int MOST_NAMED = 5;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{1,32}");

  private AlarmFinder() {}

  /** The beginning of an id that people copy. */
  static String brief(String id) {
    return id.length() <= BRIEF ? id : id.substring(0, BRIEF);
  }

  /**
   * The alarm whose id begins so.
   *
   * @throws CommandFailedException when there is none, or more than one
   */
  static AlarmDetail find(ConsoleClient client, String beginning) throws InterruptedException {
    return client.get("/alarms/" + id(client, beginning), AlarmDetail.class);
  }

  /** The whole id of the alarm whose id begins so. */
  static String id(ConsoleClient client, String beginning) throws InterruptedException {
    String prefix = beginning.toLowerCase(Locale.ROOT);
    if (!HEX.matcher(prefix).matches()) {
      throw new CommandFailedException(
          "'"
              + beginning
              + "' is no id of an alarm: 32 hexadecimal digits, or the first of them;"
              + " `gradwatch alarms` lists them");
    }
    if (prefix.length() == WHOLE) {
      return prefix;
    }
    AlarmPage page =
        client.get(
            new Query("/alarms").with("q", prefix).with("limit", MOST).toString(), AlarmPage.class);
    List<AlarmView> found =
        page.alarms().stream().filter(alarm -> alarm.id().startsWith(prefix)).toList();
    if (found.isEmpty()) {
      throw new CommandFailedException(
          "no alarm's id begins with " + prefix + "; `gradwatch alarms` lists them");
    }
    if (found.size() > 1) {
      throw new CommandFailedException(
          found.size()
              + " alarms' ids begin with "
              + prefix
              + ": "
              + found.stream()
                  .limit(MOST_NAMED)
                  .map(AlarmView::id)
                  .collect(Collectors.joining(", "))
              + (found.size() > MOST_NAMED ? ", ..." : ""));
    }
    return found.get(0).id();
  }
}
