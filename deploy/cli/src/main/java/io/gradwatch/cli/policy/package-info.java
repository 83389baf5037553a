/** Policies from the command line: read, checked, compared, changed and published. */
@NullMarked
package io.gradwatch.cli.policy;

import org.jspecify.annotations.NullMarked;
