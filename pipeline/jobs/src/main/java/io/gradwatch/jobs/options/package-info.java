/** The catalogue of options and how a command line becomes a choice of them. */
@NullMarked
package io.gradwatch.jobs.options;

import org.jspecify.annotations.NullMarked;
