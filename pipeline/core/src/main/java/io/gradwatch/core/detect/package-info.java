/** The detectors, one a class: each scores an observation, then learns from it. */
@NullMarked
package io.gradwatch.core.detect;

import org.jspecify.annotations.NullMarked;
