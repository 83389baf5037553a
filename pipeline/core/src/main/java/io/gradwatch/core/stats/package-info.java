/** O(1) statistics over plain arrays of doubles: moments, quantiles, log-trend. */
@NullMarked
package io.gradwatch.core.stats;

import org.jspecify.annotations.NullMarked;
