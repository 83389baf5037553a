/**
 * What runs of many have in common when they alarm: incidents of a host, a data shard, a cluster.
 */
@NullMarked
package io.gradwatch.core.fleet;

import org.jspecify.annotations.NullMarked;
