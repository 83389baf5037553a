package io.gradwatch.console.api;

/**
 * Who asks.
 *
 * @param name of the person, as far as known; empty when not
 * @param role VIEWER or OPERATOR
 * @param authentication LOOPBACK, TOKEN or PROXY
 * @param csrf to be sent back as X-Gradwatch-Csrf with every change
 * @param version of this console
 * @param runbook where to read what to do about alarms, with {kind} for the kind; empty: nowhere
 * @param now time of the console's clock
 * @param caughtUp whether it has read what was there when it started
 */
public record SessionView(
    String name,
    String role,
    String authentication,
    String csrf,
    String version,
    String runbook,
    long now,
    boolean caughtUp) {}
