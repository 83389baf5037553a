/** Who may do what on the Kafka: one catalogue, printed for Kafka's tools and for Strimzi. */
@NullMarked
package io.gradwatch.cli.access;

import org.jspecify.annotations.NullMarked;
