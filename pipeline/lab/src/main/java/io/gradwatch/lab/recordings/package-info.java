/** Folders of recorded runs with the truth about each. */
@NullMarked
package io.gradwatch.lab.recordings;

import org.jspecify.annotations.NullMarked;
