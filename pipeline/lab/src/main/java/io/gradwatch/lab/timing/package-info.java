/** How long things take, told without fooling oneself. */
@NullMarked
package io.gradwatch.lab.timing;

import org.jspecify.annotations.NullMarked;
