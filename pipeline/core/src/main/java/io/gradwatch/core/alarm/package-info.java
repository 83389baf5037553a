/** The alarm latch: open, update, escalate, resolve; one alarm an episode. */
@NullMarked
package io.gradwatch.core.alarm;

import org.jspecify.annotations.NullMarked;
