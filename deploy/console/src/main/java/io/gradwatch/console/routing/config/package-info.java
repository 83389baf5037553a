/** What a router's file says. */
@NullMarked
package io.gradwatch.console.routing.config;

import org.jspecify.annotations.NullMarked;
