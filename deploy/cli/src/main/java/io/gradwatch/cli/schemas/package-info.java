/** Our schemas in a registry. */
@NullMarked
package io.gradwatch.cli.schemas;

import org.jspecify.annotations.NullMarked;
