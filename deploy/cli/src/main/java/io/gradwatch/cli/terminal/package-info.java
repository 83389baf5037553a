/** What a person at a terminal sees. */
@NullMarked
package io.gradwatch.cli.terminal;

import org.jspecify.annotations.NullMarked;
