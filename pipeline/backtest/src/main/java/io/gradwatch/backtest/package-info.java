/** Runs recorded trainings straight through the core and writes what it says about them. */
@NullMarked
package io.gradwatch.backtest;

import org.jspecify.annotations.NullMarked;
