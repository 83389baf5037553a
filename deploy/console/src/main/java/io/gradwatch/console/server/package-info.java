/** The pages and the REST interface over HTTP. */
@org.jspecify.annotations.NullMarked
package io.gradwatch.console.server;
