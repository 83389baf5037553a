/** Kafka's own server, embedded in this process. */
@NullMarked
package io.gradwatch.broker;

import org.jspecify.annotations.NullMarked;
