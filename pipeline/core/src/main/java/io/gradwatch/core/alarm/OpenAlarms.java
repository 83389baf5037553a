package io.gradwatch.core.alarm;

import io.gradwatch.core.state.State;
import io.gradwatch.core.state.StateCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The alarms of a run that are open now; empty for nearly all runs nearly always. */
public final class OpenAlarms implements State {
  private final List<Episode> episodes = new ArrayList<>(0);

  @Override
  public void fields(StateCodec codec) {
    int size = codec.i32(episodes.size());
    while (episodes.size() < size) {
      episodes.add(new Episode());
    }
    for (int i = 0; i < size; i++) {
      episodes.get(i).fields(codec);
    }
  }

  /** Alarms open now. */
  public int size() {
    return episodes.size();
  }

  /** True while a CRITICAL alarm is open. */
  public boolean pageIsOpen() {
    return page() != null;
  }

  /**
   * Onset of the disturbance that pages.
   *
   * @throws IllegalStateException when no page is open
   */
  public long pageOnsetStep() {
    Episode page = page();
    if (page == null) {
      throw new IllegalStateException("no page is open");
    }
    return page.onsetStep();
  }

  /** Highest severity of the open alarms; null when none is open. */
  public @Nullable Severity highestSeverity() {
    Severity highest = null;
    for (int i = 0; i < episodes.size(); i++) {
      Severity severity = episodes.get(i).severity();
      highest = highest == null || severity.above(highest) ? severity : highest;
    }
    return highest;
  }

  /** What one of the open alarms saw first, oldest first. */
  public AlarmKind kind(int index) {
    return episodes.get(index).kind();
  }

  @Nullable Episode find(AlarmKind kind) {
    for (int i = 0; i < episodes.size(); i++) {
      if (episodes.get(i).is(kind)) {
        return episodes.get(i);
      }
    }
    return null;
  }

  @Nullable Episode page() {
    for (int i = 0; i < episodes.size(); i++) {
      if (episodes.get(i).pages()) {
        return episodes.get(i);
      }
    }
    return null;
  }

  void add(Episode episode) {
    episodes.add(episode);
  }

  void remove(Episode episode) {
    episodes.remove(episode);
  }

  /** The open alarms, oldest first; a copy. */
  List<Episode> all() {
    return List.copyOf(episodes);
  }
}
