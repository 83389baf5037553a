package io.gradwatch.core.fleet;

import io.gradwatch.core.fleet.FleetSignal.Page;
import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import java.util.List;

/** What is remembered of one run: where it belongs, and the newest page of it. */
final class WatchedRun implements State {
  List<Group> groups = List.of();
  boolean active;

  /** The newest page; NONE before the first. */
  Page page = Page.NONE;

  /** emitted_at of that page's opening, in milliseconds since 1970. */
  long pagedAt;

  /** Whether that page is open, as far as is known of a run that may be silent. */
  boolean open;

  /** Whether that page belonged to an incident that is over: it makes no other. */
  boolean settled;

  /** The incident that counts it last; blank: none. */
  String incidentId = "";

  /** When to forget a run that left, by the listener's clock; 0: not yet decided. */
  long forgetAt;

  @Override
  public void fields(StateCodec codec) {
    groups = GroupCodec.walk(codec, groups);
    active = codec.flag(active);
    page = PageCodec.walk(codec, page);
    pagedAt = codec.i64(pagedAt);
    open = codec.flag(open);
    settled = codec.flag(settled);
    incidentId = codec.text(incidentId);
    forgetAt = codec.i64(forgetAt);
  }

  boolean belongsTo(Group group) {
    return groups.contains(group);
  }

  /** Whether its page keeps an incident open; not that of a run which is silent. */
  boolean pages() {
    return open && active;
  }

  /** Whether its page can be part of an incident. */
  boolean counts() {
    return !page.alarmId().isEmpty() && !settled;
  }

  /** Whether its page can be part of an incident and opened within the window around a time. */
  boolean pagedNear(long time, long windowMillis) {
    return counts() && isNear(pagedAt, time, windowMillis);
  }

  /** Without overflow for whatever a trainer's clock tells. */
  static boolean isNear(long one, long other, long windowMillis) {
    return StrictMath.abs((double) one - other) <= windowMillis;
  }
}
