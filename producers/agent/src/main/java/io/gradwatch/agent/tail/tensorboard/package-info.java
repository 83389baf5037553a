/** Reads TensorBoard's event files. */
@NullMarked
package io.gradwatch.agent.tail.tensorboard;

import org.jspecify.annotations.NullMarked;
