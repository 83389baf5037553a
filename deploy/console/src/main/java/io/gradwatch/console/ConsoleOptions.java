package io.gradwatch.console;

import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.server.About;
import java.time.InstantSource;

/**
 * How to run a console.
 *
 * @param access who may come, and the address to listen on
 * @param port to listen on; 0: any
 * @param lastPort when the port is taken the next ones are tried up to this one; at least the port
 * @param feed what to read
 * @param limits bounds of its memory
 * @param clock by which silences begin and end
 * @param about what the pages say of themselves
 */
public record ConsoleOptions(
    AccessOptions access,
    int port,
    int lastPort,
    FeedOptions feed,
    FleetLimits limits,
    InstantSource clock,
    About about) {
  /** Where a console listens unless told otherwise. */
  public static final int USUAL_PORT = 9600;
}
