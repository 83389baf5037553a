/** The console: pages that people look at, and the interface behind them. */
@org.jspecify.annotations.NullMarked
package io.gradwatch.console;
