package io.gradwatch.console.api;

import java.util.List;
import java.util.Map;

/**
 * A page of the fleet.
 *
 * @param total runs that match, of which this is a part
 * @param offset place of the first of them
 * @param generation grows with every change; a stream goes on from it
 * @param counts runs by state, of all that match whatever the state asked for
 * @param projects every project there is
 * @param runs the runs, in the order asked for
 */
public record FleetPage(
    int total,
    int offset,
    long generation,
    Map<RunState, Integer> counts,
    List<String> projects,
    List<RunRow> runs) {}
