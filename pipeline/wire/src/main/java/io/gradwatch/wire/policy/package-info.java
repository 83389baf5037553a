/** Policy documents as people write them (YAML) and as they travel (Avro). */
@NullMarked
package io.gradwatch.wire.policy;

import org.jspecify.annotations.NullMarked;
