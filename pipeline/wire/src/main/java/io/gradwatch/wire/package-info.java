/** Translates between the records of the wire contract and the types of the core. */
@NullMarked
package io.gradwatch.wire;

import org.jspecify.annotations.NullMarked;
