/** What would be raised at other times, or not at all, under other policies. */
@NullMarked
package io.gradwatch.backtest.compare;

import org.jspecify.annotations.NullMarked;
