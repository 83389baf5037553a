/** What the score rests on: families of runs left out, recordings told differently. */
@NullMarked
package io.gradwatch.lab.robustness;

import org.jspecify.annotations.NullMarked;
