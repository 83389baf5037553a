/** The sidecar beside a training: tails its logs, takes events over HTTP, replays recorded runs. */
@NullMarked
package io.gradwatch.agent;

import org.jspecify.annotations.NullMarked;
