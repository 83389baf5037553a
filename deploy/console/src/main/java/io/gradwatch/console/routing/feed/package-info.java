/** Alarms, what people say about them and the journal, from and to Kafka. */
@NullMarked
package io.gradwatch.console.routing.feed;

import org.jspecify.annotations.NullMarked;
