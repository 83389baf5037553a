package io.gradwatch.lab.calibrate;

import io.gradwatch.backtest.NewAlarms;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.policy.Setting;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Long healthy series through the monitor, under the default policy with all thresholds that follow
 * {@code false_page_interval_steps} multiplied by each of some factors. All factors see the same
 * series.
 */
final class Calibration {
  private static final String PROJECT = "default";
  private static final long MILLIS_PER_STEP = 1_000;

  private final List<Policy> policies = new ArrayList<>();
  private final List<AlarmCounts> counts = new ArrayList<>();

  /**
   * @param factors on the thresholds; 1 is the default policy
   */
  Calibration(List<Double> factors) {
    for (double factor : factors) {
      policies.add(scaled(factor));
      counts.add(new AlarmCounts());
    }
  }

  private static Policy scaled(double factor) {
    Settings settings = Settings.NONE;
    for (Setting setting : SettingsCatalog.all()) {
      if (setting.followsFalsePages() && setting.kind() != null) {
        settings = settings.with(setting.kind(), setting.name(), setting.standard() * factor);
      }
    }
    return Policy.of(settings);
  }

  /** What each factor led to, in their order. */
  List<AlarmCounts> counts() {
    return counts;
  }

  /** Runs one series to its end. */
  void run(QuietRun source, ResampledRun series) {
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < policies.size(); i++) {
      watches.add(new Watch(source.run(), policies.get(i), counts.get(i)));
    }
    long step = 0;
    tell(watches, 0, source.started());
    for (Observation next = series.next(); next != null; next = series.next()) {
      tell(watches, step, next);
      RunEvent.Body evaluation = series.evaluation();
      if (evaluation != null) {
        tell(watches, step, evaluation);
      }
      step++;
    }
  }

  private static void tell(List<Watch> watches, long step, RunEvent.Body body) {
    for (Watch watch : watches) {
      watch.accept(
          new RunEvent(
              PROJECT, watch.run, 0, step, step * MILLIS_PER_STEP, RunEvent.WHOLE_RUN, body));
    }
  }

  /** One series under one policy. */
  private static final class Watch {
    private final String run;
    private final RunMonitor monitor;
    private final RunState state = new RunState();
    private final NewAlarms news = new NewAlarms();
    private final AlarmCounts counts;

    Watch(String run, Policy policy, AlarmCounts counts) {
      this.run = run;
      this.monitor = new RunMonitor(policy);
      this.counts = counts;
    }

    void accept(RunEvent event) {
      Findings findings = monitor.accept(state, event);
      if (event.body() instanceof Observation) {
        counts.addStep();
      }
      for (Alarm alarm : findings.alarms()) {
        if (news.isNew(alarm.id(), alarm.state(), alarm.severity())) {
          counts.add(run, alarm.kind(), alarm.severity());
        }
      }
    }
  }
}
