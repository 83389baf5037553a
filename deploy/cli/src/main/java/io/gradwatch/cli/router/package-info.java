/** {@code gradwatch router}: alert routing as a command. */
@NullMarked
package io.gradwatch.cli.router;

import org.jspecify.annotations.NullMarked;
