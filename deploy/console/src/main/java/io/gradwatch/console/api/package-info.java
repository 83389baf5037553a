/**
 * What the console's REST interface says and takes, as Java records: the server writes them, the
 * terminal's commands read them. Times are milliseconds since 1970-01-01 UTC, steps optimizer
 * steps. A number that JSON cannot say is the word "NaN", "Infinity" or "-Infinity"; what is not
 * known is null.
 */
@org.jspecify.annotations.NullMarked
package io.gradwatch.console.api;
