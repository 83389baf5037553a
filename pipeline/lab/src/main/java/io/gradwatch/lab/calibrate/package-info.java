/** How often healthy runs raise alarms, measured on long series resampled from quiet ones. */
@NullMarked
package io.gradwatch.lab.calibrate;

import org.jspecify.annotations.NullMarked;
