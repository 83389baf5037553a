/** The two operators: decode and monitor. */
@NullMarked
package io.gradwatch.jobs.functions;

import org.jspecify.annotations.NullMarked;
