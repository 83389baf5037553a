/**
 * How long the job takes on a broker: from an event to its alarm, by the broker's clock, and to
 * save its state and start from it.
 */
@NullMarked
package io.gradwatch.lab.latency;

import org.jspecify.annotations.NullMarked;
