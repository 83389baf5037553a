/** What a target is told: the words between what decides and what writes. */
@NullMarked
package io.gradwatch.console.routing.notice;

import org.jspecify.annotations.NullMarked;
