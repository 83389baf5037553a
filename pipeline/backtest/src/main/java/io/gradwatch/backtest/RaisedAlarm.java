package io.gradwatch.backtest;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;

/**
 * An alarm as it came to a person: its opening, or a rise of its severity.
 *
 * @param step newest step that had been read by then
 * @param kind what was seen
 * @param severity the severity reached with it
 */
public record RaisedAlarm(long step, AlarmKind kind, Severity severity) {}
