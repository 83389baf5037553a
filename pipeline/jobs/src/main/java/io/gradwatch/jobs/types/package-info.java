/** How records, events and state cross between operators and into checkpoints, without Kryo. */
@NullMarked
package io.gradwatch.jobs.types;

import org.jspecify.annotations.NullMarked;
