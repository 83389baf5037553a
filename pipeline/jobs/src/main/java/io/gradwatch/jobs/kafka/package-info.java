/** The ends of the graph on Kafka: one source, four sinks. */
@NullMarked
package io.gradwatch.jobs.kafka;

import org.jspecify.annotations.NullMarked;
