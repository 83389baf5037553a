/** The images and the compose file, built and started with the container engine of this machine. */
@NullMarked
package io.gradwatch.compose;

import org.jspecify.annotations.NullMarked;
