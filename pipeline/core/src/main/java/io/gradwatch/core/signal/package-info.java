/** What core is told: one event of one run, its scalars and its layer series. */
@NullMarked
package io.gradwatch.core.signal;

import org.jspecify.annotations.NullMarked;
