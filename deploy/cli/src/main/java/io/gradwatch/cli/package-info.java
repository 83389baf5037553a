/** The {@code gradwatch} command and the all-in-one process. */
@NullMarked
package io.gradwatch.cli;

import org.jspecify.annotations.NullMarked;
