package io.gradwatch.console;

import io.gradwatch.console.access.Access;
import io.gradwatch.console.feed.Feed;
import io.gradwatch.console.feed.FeedStatus;
import io.gradwatch.console.feed.Journal;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.server.WebServer;
import java.io.IOException;
import java.net.URI;

/** A console: the pages, and the interface behind them, over the topics of a Kafka. */
public final class Console implements AutoCloseable {
  private final ConsoleOptions options;
  private final Feed feed;
  private final Journal journal;
  private final WebServer server;

  private Console(ConsoleOptions options, Feed feed, Journal journal, WebServer server) {
    this.options = options;
    this.feed = feed;
    this.journal = journal;
    this.server = server;
  }

  /**
   * Opens the pages and begins to read.
   *
   * @throws IOException when no port can be opened
   * @throws IllegalArgumentException when others could come and nothing says who may
   */
  public static Console start(ConsoleOptions options) throws IOException {
    Access access = new Access(options.access(), options.clock());
    Fleet fleet = new Fleet(options.limits(), options.clock());
    Feed feed = Feed.start(options.feed(), fleet);
    Journal journal = null;
    try {
      journal = new Journal(options.feed().client(), fleet, feed);
      WebServer server = open(options, fleet, feed, journal, access);
      return new Console(options, feed, journal, server);
    } catch (IOException | RuntimeException e) {
      feed.close();
      if (journal != null) {
        journal.close();
      }
      throw e;
    }
  }

  private static WebServer open(
      ConsoleOptions options, Fleet fleet, Feed feed, Journal journal, Access access)
      throws IOException {
    for (int port = options.port(); ; port++) {
      WebServer server =
          new WebServer(fleet, feed, journal, access, options.clock(), options.about());
      try {
        server.start(options.access().host(), port);
        return server;
      } catch (IOException e) {
        server.close();
        if (port >= options.lastPort()) {
          throw e;
        }
      }
    }
  }

  /** Where to find it. */
  public URI url() {
    URI publicUrl = options.access().publicUrl();
    if (publicUrl != null) {
      return publicUrl;
    }
    String host = options.access().host();
    return URI.create(
        "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port());
  }

  /** How reading goes. */
  public FeedStatus status() {
    return feed.status();
  }

  @Override
  public void close() {
    server.close();
    feed.close();
    journal.close();
  }
}
