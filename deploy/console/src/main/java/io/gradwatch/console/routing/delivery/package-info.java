/** What each target is still to be told, and the telling. */
@NullMarked
package io.gradwatch.console.routing.delivery;

import org.jspecify.annotations.NullMarked;
