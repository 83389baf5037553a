package io.gradwatch.core.fleet;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.fleet.FleetSignal.Page;
import io.gradwatch.core.state.StateCodec;

/** The binary form of a page; its kind by name. */
final class PageCodec {
  private PageCodec() {}

  static Page walk(StateCodec codec, Page page) {
    return new Page(
        codec.text(page.alarmId()),
        AlarmKind.valueOf(codec.text(page.kind().name())),
        codec.i64(page.step()));
  }
}
