/** The ends of the graph on Kafka: two sources, five sinks. */
@NullMarked
package io.gradwatch.jobs.kafka;

import org.jspecify.annotations.NullMarked;
