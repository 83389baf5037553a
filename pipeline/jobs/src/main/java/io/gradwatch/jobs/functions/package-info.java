/** The two operators, decode and monitor, and the policies that the second one knows. */
@NullMarked
package io.gradwatch.jobs.functions;

import org.jspecify.annotations.NullMarked;
