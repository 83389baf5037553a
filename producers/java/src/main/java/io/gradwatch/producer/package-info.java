/** The library inside a training: publishes its steps and takes advice. */
@NullMarked
package io.gradwatch.producer;

import org.jspecify.annotations.NullMarked;
