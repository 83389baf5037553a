/**
 * When runs report and when one has fallen silent. The only detection by a clock: times of the one
 * who listens are handed in, in milliseconds since 1970, and nothing here asks for them.
 */
@NullMarked
package io.gradwatch.core.silence;

import org.jspecify.annotations.NullMarked;
