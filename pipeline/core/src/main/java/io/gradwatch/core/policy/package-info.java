/** Settings of detection and advice. */
@NullMarked
package io.gradwatch.core.policy;

import org.jspecify.annotations.NullMarked;
