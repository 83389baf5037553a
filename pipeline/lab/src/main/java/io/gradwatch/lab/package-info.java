/** Quality gates, benchmarks and rules of peers; never shipped. */
@NullMarked
package io.gradwatch.lab;

import org.jspecify.annotations.NullMarked;
