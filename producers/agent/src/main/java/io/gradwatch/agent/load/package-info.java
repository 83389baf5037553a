/** Makes the events of a fleet that is not there, to load a pipeline with them. */
@NullMarked
package io.gradwatch.agent.load;

import org.jspecify.annotations.NullMarked;
