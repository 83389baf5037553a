package io.gradwatch.core.alarm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns what detectors say at every step into alarms that open once, are updated seldom and resolve
 * late (hysteresis): one alarm an episode, and at most one open CRITICAL alarm a run. The kind that
 * came first opens it; kinds that come later join it as evidence. Warnings join too, unless they
 * say that the run stands still, but do not keep the page open: one that outlasts it opens an alarm
 * of its own then.
 */
public final class AlarmLatch {
  /** Observations in a row without the disturbance after which a page resolves. */
  public static final int PAGE_CLEAR = 100;

  /** The same for a lesser alarm. */
  public static final int CLEAR = 20;

  /** Steps between two updates of an alarm whose disturbance lasts. */
  public static final long UPDATE_INTERVAL_STEPS = 500;

  /** Receives what became of an episode; the episode is in its new state. */
  public interface Listener {
    /** The episode opened, was updated or resolved and a record of it is due. */
    void onRecord(Episode episode, AlarmState state, Resolution resolution);
  }

  private final Listener listener;

  public AlarmLatch(Listener listener) {
    this.listener = listener;
  }

  /**
   * Takes what one detector says at a step.
   *
   * @param severity what it sees; null: nothing
   */
  public void offer(
      OpenAlarms open, AlarmKind kind, @Nullable Severity severity, int attempt, long step) {
    if (severity == null && open.size() == 0) {
      return; // as for nearly all runs at nearly all steps
    }
    Episode own = open.find(kind);
    if (severity == null) {
      if (own != null) {
        pass(open, own);
      }
      return;
    }
    Episode page = open.page();
    if (page != null && own != page && severity == Severity.CRITICAL) {
      page.touch();
      joinPage(page, kind, step);
    } else if (own != null) {
      see(own, severity, step);
    } else if (page != null && severity == Severity.WARNING && !standsAlone(kind)) {
      joinPage(page, kind, step);
    } else {
      Episode opened = Episode.open(kind, severity, attempt, step);
      open.add(opened);
      listener.onRecord(opened, AlarmState.OPEN, Resolution.NONE);
    }
  }

  private void joinPage(Episode page, AlarmKind kind, long step) {
    if (!isSpike(kind) && !page.hasJoined(kind)) {
      page.join(kind, step);
      listener.onRecord(page, AlarmState.UPDATED, Resolution.NONE);
    }
  }

  private void see(Episode own, Severity severity, long step) {
    own.touch();
    if (severity.above(own.severity())) {
      own.escalate(severity, step);
      listener.onRecord(own, AlarmState.UPDATED, Resolution.NONE);
    } else if (step - own.lastRecordStep() >= UPDATE_INTERVAL_STEPS) {
      own.revise(step);
      listener.onRecord(own, AlarmState.UPDATED, Resolution.NONE);
    }
  }

  private void pass(OpenAlarms open, Episode episode) {
    if (episode.pass() >= (episode.pages() ? PAGE_CLEAR : CLEAR)) {
      resolve(open, episode, Resolution.RECOVERED);
    }
  }

  /** Resolves all that is open, where the run itself ends or goes back. */
  public void resolveAll(OpenAlarms open, Resolution why) {
    List<Episode> all = open.all();
    for (Episode episode : all) {
      resolve(open, episode, why);
    }
  }

  private void resolve(OpenAlarms open, Episode episode, Resolution why) {
    open.remove(episode);
    episode.revise(episode.lastRecordStep());
    listener.onRecord(episode, AlarmState.RESOLVED, why);
  }

  /**
   * A run that stands still, or a process that is gone, is another finding than a run that runs
   * away, with other remedies.
   */
  private static boolean standsAlone(AlarmKind kind) {
    return switch (kind) {
      case VANISHING_GRADIENT,
          DEAD_LAYER,
          FROZEN_UPDATES,
          STALLED,
          NO_PROGRESS,
          OVERFITTING,
          MISSING_RANK ->
          true;
      default -> false;
    };
  }

  /** While a page is open, single spikes are part of it and not told apart. */
  private static boolean isSpike(AlarmKind kind) {
    return kind == AlarmKind.LOSS_SPIKE || kind == AlarmKind.GRADIENT_SPIKE;
  }
}
