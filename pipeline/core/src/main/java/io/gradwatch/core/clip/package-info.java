/** Clip-threshold advice. */
@NullMarked
package io.gradwatch.core.clip;

import org.jspecify.annotations.NullMarked;
