/** The forms in which the targets of alarms want them. */
@NullMarked
package io.gradwatch.console.routing.targets;

import org.jspecify.annotations.NullMarked;
