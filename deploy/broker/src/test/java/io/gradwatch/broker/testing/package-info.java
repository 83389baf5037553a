/** A Kafka for the integration tests of every module. */
@NullMarked
package io.gradwatch.broker.testing;

import org.jspecify.annotations.NullMarked;
