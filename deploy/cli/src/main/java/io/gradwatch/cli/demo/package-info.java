/** Recorded trainings replayed through a whole installation, for a person to look at. */
@NullMarked
package io.gradwatch.cli.demo;

import org.jspecify.annotations.NullMarked;
