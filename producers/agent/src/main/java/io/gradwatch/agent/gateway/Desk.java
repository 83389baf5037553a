package io.gradwatch.agent.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.gradwatch.traces.JsonBatch;
import io.gradwatch.traces.RefusedRowException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests, by any number of threads. */
final class Desk implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  private final Credentials credentials;
  private final Intakes intakes;
  private final GatewayLimits limits;
  private final LongSupplier clockMillis;
  private final Body body;
  private final MemoryBudget bodies;
  private final byte[] openApi;
  private final Counts counts = new Counts();
  private final Phaser atWork = new Phaser(1);
  private volatile boolean closing;

  /**
   * @param clockMillis in ms since 1970, for rows that do not tell when they were emitted
   */
  Desk(Credentials credentials, Intakes intakes, GatewayLimits limits, LongSupplier clockMillis)
      throws IOException {
    this.credentials = credentials;
    this.intakes = intakes;
    this.limits = limits;
    this.clockMillis = clockMillis;
    this.body = new Body(limits.bodyBytes());
    this.bodies = new MemoryBudget(limits.bodiesBytes());
    try (InputStream in = Desk.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("resource openapi.json is missing");
      }
      this.openApi = in.readAllBytes();
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    atWork.register();
    try {
      send(exchange, answer(exchange));
    } finally {
      exchange.close();
      atWork.arriveAndDeregister();
    }
  }

  /** Takes no more; returns when the requests at work are answered, or the time is over. */
  void close(Duration timeout) throws InterruptedException {
    closing = true;
    try {
      int phase = atWork.arriveAndDeregister();
      var unused = atWork.awaitAdvanceInterruptibly(phase, timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return; // who is too slow is cut off
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    try {
      return asked(exchange);
    } catch (RefusedException e) {
      counts.refused(e.refusal());
      if (e.refusal() == Refusal.TOO_LARGE) {
        body.pass(exchange.getRequestBody());
      }
      return Answer.refused(e);
    } catch (IOException e) {
      counts.refused(Refusal.TORN);
      throw e; // nobody hears an answer
    } catch (RuntimeException e) {
      // The others are served on. Of what it says nothing is logged: it may say what was sent.
      counts.refused(Refusal.INTERNAL);
      StackTraceElement[] trace = e.getStackTrace();
      LOG.error(
          "a request failed: {} at {}", e.getClass().getName(), trace.length == 0 ? "" : trace[0]);
      return Answer.refused(new RefusedException(Refusal.INTERNAL, "the gateway failed"));
    }
  }

  private Answer asked(HttpExchange exchange) throws IOException, RefusedException {
    return switch (Route.of(exchange.getRequestMethod(), exchange.getRequestURI().getPath())) {
      case EVENTS -> take(exchange);
      case OPENAPI -> new Answer(200, Answer.JSON, openApi, Map.of());
      case HEALTH -> Answer.state("alive", true, "");
      case READINESS -> readiness();
      case METRICS -> MetricsText.of(counts, intakes.all(), bodies.taken(), credentials.areValid());
    };
  }

  private Answer take(HttpExchange exchange) throws IOException, RefusedException {
    Headers headers = exchange.getRequestHeaders();
    String project = credentials.project(headers);
    JsonBatch.Form form = MediaType.form(headers);
    boolean gzip = MediaType.isGzip(headers);
    if (closing) {
      throw new RefusedException(Refusal.CLOSING, "the gateway ends; nothing was taken");
    }
    try (MemoryBudget.Share share = bodies.share()) {
      byte[] json = body.read(exchange.getRequestBody(), gzip, share);
      JsonBatch batch = JsonBatch.read(json, form, limits.rows(), clockMillis.getAsLong());
      if (!batch.isWhole()) {
        throw new RefusedException(
            Refusal.TOO_LARGE,
            "the body has more than %,d rows, the most; nothing was taken"
                .formatted(limits.rows()));
      }
      int events = intakes.of(project).accept(batch, json.length);
      counts.taken(batch.size());
      return Answer.taken(batch.size(), events);
    } catch (RefusedRowException e) {
      throw new RefusedException(e);
    }
  }

  private Answer readiness() {
    if (closing) {
      return Answer.state("ready", false, "the gateway ends");
    }
    long projects = intakes.all().size();
    long stuck = intakes.all().stream().filter(intake -> !intake.delivers()).count();
    return Answer.state(
        "ready",
        stuck == 0,
        "Kafka takes no events of %,d of %,d projects".formatted(stuck, projects));
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.contentType());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    answer.headers().forEach(headers::set);
    if (closing) {
      headers.set("Connection", "close");
    }
    boolean bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : answer.body().length);
    if (!bodiless) {
      exchange.getResponseBody().write(answer.body());
    }
  }
}
