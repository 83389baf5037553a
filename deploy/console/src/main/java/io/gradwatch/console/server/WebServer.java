package io.gradwatch.console.server;

import io.gradwatch.console.access.Access;
import io.gradwatch.console.access.Principal;
import io.gradwatch.console.api.Problem;
import io.gradwatch.console.api.SessionView;
import io.gradwatch.console.feed.Feed;
import io.gradwatch.console.feed.Journal;
import io.gradwatch.console.model.Fleet;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console over HTTP. */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int MOST_THREADS = 64;
  private static final long WARMUP_WAIT_MILLIS = 100;

  private final Fleet fleet;
  private final Feed feed;
  private final Journal journal;
  private final InstantSource clock;
  private final Doorkeeper doorkeeper;
  private final Streams streams;
  private final About about;
  private final Javalin javalin;
  private List<String> routes = List.of();
  private @Nullable Thread warmup;

  /**
   * Makes it; {@link #start} opens it.
   *
   * @param clock by which silences begin and end
   * @param about what the pages say of themselves
   */
  public WebServer(
      Fleet fleet, Feed feed, Journal journal, Access access, InstantSource clock, About about) {
    this.fleet = fleet;
    this.feed = feed;
    this.journal = journal;
    this.clock = clock;
    this.doorkeeper = new Doorkeeper(access);
    this.streams = new Streams(fleet, doorkeeper, feed::status, StreamLimits.standard());
    this.about = about;
    this.javalin = Javalin.create(this::configure);
  }

  /**
   * Opens a port.
   *
   * @param port 0: any
   * @throws IOException when it cannot be opened, as when it is taken
   */
  public void start(String host, int port) throws IOException {
    try {
      javalin.start(host, port);
    } catch (RuntimeException e) {
      throw new IOException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
    }
    URI own = ownAddress(host, port());
    if (own.getHost() != null) { // null: a name that no URI may have, as one with an underscore
      warmup =
          new Thread(
              new Warmup(own, () -> feed.status().caughtUp(), WARMUP_WAIT_MILLIS),
              "gradwatch-console-warmup");
      warmup.setDaemon(true);
      warmup.start();
    }
  }

  /** Where this machine reaches it. */
  private static URI ownAddress(String host, int port) {
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    String own = everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + own + ":" + port);
  }

  /** The port it listens on. */
  public int port() {
    return javalin.port();
  }

  /** Every route of the interface, such as "GET /fleet". */
  List<String> routes() {
    return routes;
  }

  @Override
  public void close() {
    if (warmup != null) {
      warmup.interrupt();
    }
    streams.close();
    javalin.stop();
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = Doorkeeper.MOST_BODY_BYTES;
    config.jetty.threadPool = new QueuedThreadPool(MOST_THREADS, 4);
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    RoutesConfig router = config.routes;
    router.before(doorkeeper::greet);
    router.before("/api/*", doorkeeper::admit);
    router.before("/metrics", doorkeeper::admit);
    addApi(router);
    new Pages(doorkeeper::mayRead).addTo(router);
    Health health = new Health(fleet, feed::status, streams);
    router.get("/healthz", health::live);
    router.get("/readyz", health::ready);
    router.get("/metrics", health::metrics);
    router.post("/signin", doorkeeper::signIn);
    router.post("/signout", doorkeeper::signOut);
    router.exception(RefusedException.class, (refused, context) -> answer(context, refused));
    router.exception(
        HttpResponseException.class,
        (e, context) -> answer(context, e.getStatus(), "Refused", String.valueOf(e.getMessage())));
    router.exception(
        IOException.class,
        (e, context) -> answer(context, 503, "Not available now", String.valueOf(e.getMessage())));
    router.exception(Exception.class, this::fail);
  }

  private void addApi(RoutesConfig router) {
    Api api = new Api(router);
    api.get("/session", this::session);
    api.get("/openapi.yaml", WebServer::document);
    new RunRoutes(fleet).addTo(api);
    new ReportRoutes(fleet, clock).addTo(api);
    new AlarmRoutes(fleet, journal, clock).addTo(api);
    new SilenceRoutes(fleet, journal, clock).addTo(api);
    router.before(Api.PREFIX + "/stream", streams::admit);
    router.sse(Api.PREFIX + "/stream", streams::begin);
    api.note(HandlerType.GET, "/stream");
    routes = api.known();
  }

  private void session(Context context) {
    Principal principal = Doorkeeper.principal(context);
    RunRoutes.answer(
        context,
        new SessionView(
            principal.name(),
            principal.role().name(),
            principal.authentication().name(),
            principal.csrf(),
            about.version(),
            about.runbookUrl(),
            clock.millis(),
            feed.status().caughtUp()));
  }

  private static void document(Context context) throws IOException {
    try (InputStream in =
        WebServer.class.getResourceAsStream("/io/gradwatch/console/openapi.yaml")) {
      if (in == null) {
        throw new IOException("the jar has no openapi.yaml");
      }
      context
          .contentType("application/yaml")
          .result(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static void answer(Context context, RefusedException refused) {
    answer(context, refused.status(), refused.title(), refused.detail());
  }

  private void fail(Exception failure, Context context) {
    LOG.error("{} {} failed", context.method(), context.path(), failure);
    answer(context, 500, "The console failed", "see its log, at " + clock.instant());
  }

  private static void answer(Context context, int status, String title, String detail) {
    context.status(status);
    context
        .contentType("application/problem+json")
        .result(Json.bytes(new Problem(status, title, detail)));
  }
}
