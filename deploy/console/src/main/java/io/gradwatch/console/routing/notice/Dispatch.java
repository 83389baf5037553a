package io.gradwatch.console.routing.notice;

import java.util.List;

/**
 * What one request tells.
 *
 * @param form how
 * @param notices what, at least one
 */
public record Dispatch(Form form, List<Notice> notices) {
  /** Ways to tell. */
  public enum Form {
    /** One alarm. */
    SINGLE,
    /** Alarms of a storm in one message. */
    GROUP,
    /** Alarms side by side, for a target that groups by itself. */
    BATCH
  }

  public Dispatch {
    notices = List.copyOf(notices);
  }

  /** The same with so many of its notices, at least one: those that come first. */
  public Dispatch first(int most) {
    if (notices.size() <= most) {
      return this;
    }
    return new Dispatch(
        most == 1 && form == Form.GROUP ? Form.SINGLE : form, notices.subList(0, most));
  }

  /** The first notice: the only one of a single dispatch. */
  public Notice first() {
    return notices.get(0);
  }
}
