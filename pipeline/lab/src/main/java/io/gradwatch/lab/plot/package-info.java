/** Pictures as text, so that the same figures give the same bytes on every machine. */
@NullMarked
package io.gradwatch.lab.plot;

import org.jspecify.annotations.NullMarked;
