/**
 * Every algorithm of Gradwatch, as pure functions and plain state: no framework, no clock, no
 * randomness.
 */
@NullMarked
package io.gradwatch.core;

import org.jspecify.annotations.NullMarked;
