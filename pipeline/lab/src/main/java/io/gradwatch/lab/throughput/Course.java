package io.gradwatch.lab.throughput;

/** Where heats take place, one after the other. */
@FunctionalInterface
interface Course {
  /** Makes it ready for one heat over the first events; what heats before have written may go. */
  Track ready(Stretch stretch) throws Exception;
}
