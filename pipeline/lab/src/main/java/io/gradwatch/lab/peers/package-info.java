/** Rules that trainers use today, run as alarms on the same recordings and scored the same way. */
@NullMarked
package io.gradwatch.lab.peers;

import org.jspecify.annotations.NullMarked;
