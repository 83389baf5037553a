package io.gradwatch.console.routing.delivery;

import io.gradwatch.console.routing.notice.RoutedAlarm;

/**
 * An alarm that a target is still to be told something of.
 *
 * @param alarm which
 * @param since when that became due, milliseconds since 1970-01-01 UTC
 */
public record Pending(RoutedAlarm alarm, long since) {}
