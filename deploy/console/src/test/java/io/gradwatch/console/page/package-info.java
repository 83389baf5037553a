/**
 * The pages in a real browser, against a real console over a real Kafka. Classes whose names end in
 * PageIT need Chromium and run under {@code -Pfull}.
 */
@org.jspecify.annotations.NullMarked
package io.gradwatch.console.page;
