package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.config.TargetConfig.Pace;
import io.gradwatch.console.routing.config.TargetType;
import io.gradwatch.console.routing.notice.Dispatch;
import io.gradwatch.console.routing.notice.Dispatch.Form;
import io.gradwatch.console.routing.notice.Notice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the next message of a target tells. The first alarms go at once, each by itself: a
 * page must not wait. When more than the target's {@code group-over} come within its {@code
 * group-wait}, the rest is gathered for that long and told together.
 */
final class StormPlanner {
  private static final int BATCH = 64;

  /** What a webhook is to read at once. */
  private static final int MOST_IN_EVENT = 100;

  /** Messages for people name few and count all. */
  private static final int MOST_IN_MESSAGE = 2_000;

  private static final long NEVER = -1;

  private final TargetType type;
  private final Pace pace;
  private final Deque<Long> told = new ArrayDeque<>();
  private long stormSince = NEVER;

  StormPlanner(TargetType type, Pace pace) {
    this.type = type;
    this.pace = pace;
  }

  /**
   * The next message.
   *
   * @param due what the target is to be told
   * @param now milliseconds of any clock
   * @return null: none yet; look again soon
   */
  @Nullable Dispatch next(List<Notice> due, long now) {
    long wait = pace.groupWait().toMillis();
    while (!told.isEmpty() && now - told.peekFirst() >= wait) {
      told.removeFirst();
    }
    List<Notice> sorted = due.stream().sorted(Notice.BY_NEED).toList();
    if (sorted.isEmpty()) {
      stormSince = NEVER;
      return null;
    }
    if (type.isRetold()) {
      return new Dispatch(Form.BATCH, first(sorted, BATCH));
    }
    List<Notice> loud = sorted.stream().filter(this::isLoud).toList();
    Dispatch next = loud.isEmpty() ? null : nextLoud(loud, now, wait);
    if (next != null) {
      return next;
    }
    return sorted.stream()
        .filter(notice -> !isLoud(notice))
        .findFirst()
        .map(this::single)
        .orElse(null);
  }

  private @Nullable Dispatch nextLoud(List<Notice> loud, long now, long wait) {
    if (stormSince == NEVER) {
      if (told.size() < pace.groupOver()) {
        told.addLast(now);
        return single(loud.get(0));
      }
      stormSince = now;
    }
    if (now - stormSince < wait) {
      return null;
    }
    boolean ends = loud.get(0).cause().isEnd();
    List<Notice> alike = loud.stream().filter(notice -> notice.cause().isEnd() == ends).toList();
    if (alike.size() == 1) {
      return single(alike.get(0));
    }
    int most = type == TargetType.WEBHOOK ? MOST_IN_EVENT : MOST_IN_MESSAGE;
    return new Dispatch(Form.GROUP, first(alike, most));
  }

  /**
   * Whether it takes somebody's attention. What changes, marks or closes an incident that PagerDuty
   * has does not, and each incident has to hear of it by itself.
   */
  private boolean isLoud(Notice notice) {
    return type != TargetType.PAGERDUTY || (notice.told() == null && !notice.cause().isEnd());
  }

  private Dispatch single(Notice notice) {
    return new Dispatch(Form.SINGLE, List.of(notice));
  }

  private static List<Notice> first(List<Notice> notices, int most) {
    return notices.subList(0, Math.min(most, notices.size()));
  }
}
