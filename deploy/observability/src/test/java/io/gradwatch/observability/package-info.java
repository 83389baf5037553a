/** Holds the rules, dashboards and the runbook against each other and against running programs. */
@NullMarked
package io.gradwatch.observability;

import org.jspecify.annotations.NullMarked;
