/** How state becomes bytes and comes back: every state walks its fields through one codec. */
@NullMarked
package io.gradwatch.core.state;

import org.jspecify.annotations.NullMarked;
