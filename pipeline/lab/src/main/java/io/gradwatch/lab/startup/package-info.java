/** How quickly the built tool starts and reads. */
@NullMarked
package io.gradwatch.lab.startup;

import org.jspecify.annotations.NullMarked;
