/** What {@code gradwatch doctor} looks at, one class a check, and how it tells what it found. */
@NullMarked
package io.gradwatch.cli.doctor;

import org.jspecify.annotations.NullMarked;
