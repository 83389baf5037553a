/** What the command asks of a Kafka: its topics made, its records read. */
@NullMarked
package io.gradwatch.cli.kafka;

import org.jspecify.annotations.NullMarked;
