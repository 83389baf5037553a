package io.gradwatch.agent.gateway;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Takes events over HTTP and puts them into the queue of their project's publisher. The routes are
 * described by {@code /openapi.json}, which is one of them.
 *
 * <p>A request is taken as a whole or not at all: 202 says that all its events are in the queue,
 * anything else that none is. What a client can make it hold is bounded: bytes, rows, connections,
 * time ({@link GatewayLimits}).
 */
public final class Gateway implements AutoCloseable {
  /** How long requests at work may take once the gateway ends. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(5);

  private static final Duration LAST_EVENTS = Duration.ofSeconds(10);
  private static final int IDLE_THREAD_SECONDS = 30;

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Desk desk;
  private final Intakes intakes;
  private boolean closed;

  private Gateway(HttpServer server, ThreadPoolExecutor threads, Desk desk, Intakes intakes) {
    this.server = server;
    this.threads = threads;
    this.desk = desk;
    this.intakes = intakes;
  }

  /**
   * Listens.
   *
   * @param outlets makes the outlet of a project, which the gateway closes
   * @throws IOException when a file cannot be read, or the address is not to be had
   */
  public static Gateway start(GatewayOptions options, Function<String, Outlet> outlets)
      throws IOException {
    Credentials credentials =
        options.tokens() == null
            ? new ThisMachine(options.project())
            : new BearerTokens(new TokenFile(options.tokens(), System::nanoTime));
    Intakes intakes = new Intakes(outlets, options.limits(), System::nanoTime);
    Desk desk = new Desk(credentials, intakes, options.limits(), System::currentTimeMillis);
    ServerSettings.apply();
    HttpServer server = server(options);
    ThreadPoolExecutor threads = threads();
    server.setExecutor(threads);
    server.createContext("/", desk);
    server.start();
    return new Gateway(server, threads, desk, intakes);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /**
   * Answers the requests at work, sends what was taken and ends. Closing twice does nothing. An
   * interrupt cuts it short, and stays.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      desk.close(LAST_REQUESTS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    threads.shutdownNow();
    intakes.close(LAST_EVENTS);
  }

  private static HttpServer server(GatewayOptions options) throws IOException {
    try {
      if (options.keyStore() == null || options.keyStorePassword() == null) {
        return HttpServer.create(options.address(), 0);
      }
      HttpsServer server = HttpsServer.create();
      server.setHttpsConfigurator(
          new HttpsConfigurator(Tls.of(options.keyStore(), options.keyStorePassword())));
      server.bind(options.address(), 0);
      return server;
    } catch (java.net.BindException e) {
      throw new IOException("cannot listen at " + options.address() + ": " + e.getMessage(), e);
    }
  }

  private static ThreadPoolExecutor threads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            ServerSettings.CONNECTIONS,
            ServerSettings.CONNECTIONS,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "gradwatch-gateway-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
