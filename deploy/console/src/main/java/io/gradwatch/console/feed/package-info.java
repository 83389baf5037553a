/** Kafka: the topics into the model, and what people say into the topics. */
@org.jspecify.annotations.NullMarked
package io.gradwatch.console.feed;
