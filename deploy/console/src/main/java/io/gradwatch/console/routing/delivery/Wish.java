package io.gradwatch.console.routing.delivery;

/**
 * That a target is to know of an open alarm.
 *
 * @param dueAt since when, milliseconds since 1970-01-01 UTC; may lie ahead
 * @param step step of escalation that names it last; 0: a route does
 */
record Wish(long dueAt, int step) {}
