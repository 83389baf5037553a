/** How many events a second the job takes, beside jobs that do less with the same bytes. */
@NullMarked
package io.gradwatch.lab.throughput;

import org.jspecify.annotations.NullMarked;
