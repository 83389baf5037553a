/** What the job reads from Kafka and writes to it. */
@NullMarked
package io.gradwatch.jobs.records;

import org.jspecify.annotations.NullMarked;
