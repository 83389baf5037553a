/** Requests to addresses that somebody wrote into a file, none of which may lead inside. */
@NullMarked
package io.gradwatch.console.routing.http;

import org.jspecify.annotations.NullMarked;
