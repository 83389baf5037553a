/** The statistics that a user would keep on Kafka Streams instead, in a process of their own. */
@NullMarked
package io.gradwatch.lab.streams;

import org.jspecify.annotations.NullMarked;
