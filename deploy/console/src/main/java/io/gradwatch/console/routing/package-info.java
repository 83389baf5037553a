/**
 * Tells people of alarms: who is told, when, how often, and what is kept of it.
 *
 * <p>Level-triggered: what each target should know of each alarm is compared with what it was told,
 * and the difference is sent. Nothing is queued, so nothing can overflow, repeat itself or come in
 * the wrong order after a target was away.
 */
@NullMarked
package io.gradwatch.console.routing;

import org.jspecify.annotations.NullMarked;
