/**
 * Takes events over HTTP, for trainers that cannot reach Kafka. {@link
 * io.gradwatch.agent.gateway.Gateway} is the door; nothing else in here is for others but what it
 * is set up with.
 */
@NullMarked
package io.gradwatch.agent.gateway;

import org.jspecify.annotations.NullMarked;
