package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * Settings of SILENCE. A run is silent when it was not heard of for the longest of the three times
 * that these make.
 *
 * @param timeoutSeconds seconds without any event of a run after which it is silent, at the
 *     earliest; 600, as most pauses for an evaluation or a checkpoint are over by then
 * @param intervals the same in usual times between two steps reported, so that slow steps do not
 *     alarm; 20, and at most a day
 * @param pauses the same in longest times without an event that the run came back from lately, each
 *     of an hour at most, so that what it does regularly alarms once; 2
 */
public record SilencePolicy(
    DetectorSwitch detector, double timeoutSeconds, double intervals, double pauses) {
  public SilencePolicy {
    Check.within("silence.timeout_seconds", timeoutSeconds, 60, 604_800);
    Check.within("silence.intervals", intervals, 0, 10_000);
    Check.within("silence.pauses", pauses, 0, 100);
  }

  static SilencePolicy of(SettingsReader settings) {
    SettingsReader.Section detector = settings.detector(AlarmKind.SILENCE, Severity.WARNING);
    return new SilencePolicy(
        detector.detectorSwitch(),
        detector.number("timeout_seconds", 600),
        detector.number("intervals", 20),
        detector.number("pauses", 2));
  }
}
