package io.gradwatch.console.api;

import java.util.List;
import java.util.Map;

/**
 * A page of alarms, newest first.
 *
 * @param total alarms that match, of which this is a part
 * @param offset place of the first of them
 * @param counts alarms by status, of all that match whatever the status asked for
 * @param alarms the alarms
 */
public record AlarmPage(
    int total, int offset, Map<AlarmStatus, Integer> counts, List<AlarmView> alarms) {}
