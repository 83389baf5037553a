/** One run's detectors and advisor composed: the only door of core. */
@NullMarked
package io.gradwatch.core.monitor;

import org.jspecify.annotations.NullMarked;
