/** Reads recorded training runs into events. */
@NullMarked
package io.gradwatch.traces;

import org.jspecify.annotations.NullMarked;
