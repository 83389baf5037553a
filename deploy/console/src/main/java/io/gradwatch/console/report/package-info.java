/**
 * Reports to attach to an incident: one run, or several side by side, as a page that stands alone
 * (HTML) or as its drawing (SVG, PNG). {@link Reports} is the door; one drawing goes to both kinds
 * of {@link Canvas}. Everything that trainers named is escaped, and nothing in a report runs.
 */
@NullMarked
package io.gradwatch.console.report;

import org.jspecify.annotations.NullMarked;
