/** The Flink shell around the core: sources, functions, sinks and their options. */
@NullMarked
package io.gradwatch.jobs;

import org.jspecify.annotations.NullMarked;
