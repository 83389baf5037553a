/** The wire contract: Avro records, their codecs and the names of the topics they travel on. */
@NullMarked
package io.gradwatch.schemas;

import org.jspecify.annotations.NullMarked;
