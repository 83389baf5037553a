/** What a publisher costs the training it is part of. */
@NullMarked
package io.gradwatch.lab.publisher;

import org.jspecify.annotations.NullMarked;
