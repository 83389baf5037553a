/** Who may look, and who may change. */
@org.jspecify.annotations.NullMarked
package io.gradwatch.console.access;
