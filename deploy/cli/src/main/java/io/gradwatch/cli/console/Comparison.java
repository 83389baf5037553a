package io.gradwatch.cli.console;

import io.gradwatch.console.api.RunDetail;
import java.util.List;

/**
 * Answer of the interface to a comparison.
 *
 * @param runs in the order in which they were asked for
 */
record Comparison(List<RunDetail> runs) {}
