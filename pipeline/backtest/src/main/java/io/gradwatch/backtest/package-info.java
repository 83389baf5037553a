/** Runs recorded trainings straight through the core and scores what it says about them. */
@NullMarked
package io.gradwatch.backtest;

import org.jspecify.annotations.NullMarked;
