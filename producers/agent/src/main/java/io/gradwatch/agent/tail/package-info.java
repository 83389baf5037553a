/** Follows the logs that trainings write anyway, and publishes them as events. */
@NullMarked
package io.gradwatch.agent.tail;

import org.jspecify.annotations.NullMarked;
