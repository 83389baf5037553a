package io.gradwatch.observability;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gradwatch.agent.gateway.Gateway;
import io.gradwatch.agent.gateway.GatewayLimits;
import io.gradwatch.agent.gateway.GatewayOptions;
import io.gradwatch.agent.gateway.Outlet;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.cli.service.LocalService;
import io.gradwatch.console.routing.Router;
import io.gradwatch.console.routing.RouterOptions;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.RouterConfigReader;
import io.gradwatch.producer.Overflow;
import io.gradwatch.producer.RunDescription;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.producer.StepReport;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Everything that has metrics, in this process: Kafka, the job, a console, a router, a gateway. */
final class Installation implements AutoCloseable {
  private static final String PROJECT = Topics.DEFAULT_PROJECT;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final LocalService service;
  private final HttpServer ear;
  private final Router router;
  private final Gateway gateway;
  private final int flinkPort;

  private Installation(
      LocalService service, HttpServer ear, Router router, Gateway gateway, int flinkPort) {
    this.service = service;
    this.ear = ear;
    this.router = router;
    this.gateway = gateway;
    this.flinkPort = flinkPort;
  }

  static Installation start(Path folder) throws Exception {
    int flinkPort = Ports.free();
    LocalService service = LocalService.start(settings(folder, flinkPort));
    HttpServer ear =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ear.createContext("/told", exchange -> answer(exchange, ""));
    Router router =
        Router.start(
            routing(ear.getAddress().getPort()),
            service.clientSettings(),
            RouterOptions.standard());
    ear.createContext("/metrics", exchange -> answer(exchange, router.metrics()));
    ear.start();
    Gateway gateway =
        Gateway.start(
            new GatewayOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                PROJECT,
                null,
                null,
                false,
                GatewayLimits.standard()),
            project ->
                Outlet.of(
                    StepPublisher.builder()
                        .bootstrapServers(service.bootstrapServers())
                        .project(project)
                        .buildForAnyRun()));
    return new Installation(service, ear, router, gateway, flinkPort);
  }

  private static LocalService.Settings settings(Path folder, int flinkPort) {
    return new LocalService.Settings(
        folder,
        0,
        PROJECT,
        1,
        Duration.ofMillis(500),
        Map.of(
            "metrics.reporter.prom.factory.class",
            "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
            "metrics.reporter.prom.port",
            String.valueOf(flinkPort),
            // Parts of a cluster that are slow to answer each other are no failure.
            "pekko.ask.timeout",
            PATIENCE.toMillis() + " ms",
            "heartbeat.timeout",
            PATIENCE.toMillis() + " ms"));
  }

  private static RouterConfig routing(int port) throws Exception {
    return RouterConfigReader.read(
        """
        targets:
        - {name: ear, type: webhook, url: 'http://127.0.0.1:%d/told', allow-private: true,
           secret: '${env:KEY}'}
        routes:
        - {to: ear}
        """
            .formatted(port),
        "router.yaml",
        Path.of("."),
        Map.of("KEY", "key-that-nobody-sees"));
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Where each scrape configuration finds what it scrapes; Flink is one process here. */
  Map<String, URI> targets() {
    URI flink = URI.create("http://127.0.0.1:" + flinkPort + "/metrics");
    return Map.of(
        "gradwatch-jobmanager",
        flink,
        "gradwatch-taskmanager",
        flink,
        "gradwatch-console",
        service.consoleUrl().resolve("/metrics"),
        "gradwatch-router",
        URI.create("http://127.0.0.1:" + ear.getAddress().getPort() + "/metrics"),
        "gradwatch-gateway",
        gatewayUrl("/metrics"));
  }

  /** A run that is lost, bytes that are no event, rows over HTTP, and some that are none. */
  void feed() throws Exception {
    train();
    try (KafkaProducer<byte[], byte[]> kafka =
        new KafkaProducer<>(
            service.clientSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
      kafka.send(new ProducerRecord<>(Topics.events(PROJECT), new byte[] {1, 2, 3})).get();
    }
    post("{\"run\": \"by-gateway\", \"step\": 0, \"loss\": 2.0, \"grad_norm\": 1.0}");
    post("no row");
  }

  private void train() {
    StepPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers(service.bootstrapServers())
            .project(PROJECT)
            .runId("lost")
            .overflow(Overflow.WAIT)
            .build();
    publisher.started(0, RunDescription.create().layers(List.of("first", "last")));
    for (long step = 0; step < 200; step++) {
      double norm = step < 150 ? 1 : Double.NaN;
      publisher.step(StepReport.of(step).loss(2 * norm).gradNorm(norm));
    }
    publisher.close(PATIENCE);
  }

  private void post(String body) throws IOException, InterruptedException {
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(gatewayUrl("/v1/events"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.discarding());
  }

  private URI gatewayUrl(String path) {
    return URI.create("http://127.0.0.1:" + gateway.address().getPort() + path);
  }

  @Override
  public void close() {
    gateway.close();
    router.close();
    ear.stop(0);
    service.close();
  }
}
