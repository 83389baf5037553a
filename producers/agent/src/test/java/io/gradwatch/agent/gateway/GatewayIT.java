package io.gradwatch.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.agent.gateway.Door.Answer;
import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.EmbeddedKafka;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway with a real broker behind it, and with none. */
@Timeout(600)
class GatewayIT {
  private static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);
  private static final int QUEUE = 20;

  @TempDir Path folder;

  @Test
  void whatIsPostedIsInTheTopicEventForEvent() throws Exception {
    try (KafkaCluster kafka = KafkaCluster.start()) {
      kafka.createTopic(Topics.events("home"), 3);
      try (Gateway gateway = gateway(kafka.bootstrapServers(), Duration.ofMinutes(5))) {
        Door door = new Door(gateway, "");
        Answer answer =
            door.post(
                "application/x-ndjson",
                """
                {"run":"r","step":3,"emitted_at":1700000000003,"loss":2.5,"grad_norm":"Infinity","layer_names":["a","b"],"layer_grad_norms":[0.5,1.5],"accuracy":0.25}
                {"run":"r","step":4,"emitted_at":1700000000004,"rank":0,"attempt":1,"loss":2.25,"eval_loss":3}
                {"run":"r","step":4,"emitted_at":1700000000005,"event":"completed"}
                """);
        assertThat(answer.text()).isEqualTo("{\"accepted\":3,\"events\":6}");
        assertThat(door.get("/readyz").text()).isEqualTo("{\"ready\":true}");
      }

      List<TrainingEvent> events = read(kafka);
      assertThat(events)
          .extracting(e -> e.getBody().getClass().getSimpleName())
          .containsExactly(
              "RunStarted",
              "StepCompleted",
              "RunStarted",
              "StepCompleted",
              "EvaluationCompleted",
              "RunEnded");
      TrainingEvent first = events.get(1);
      StepCompleted step = (StepCompleted) first.getBody();
      assertThat(first.getEmittedAt()).isEqualTo(1_700_000_000_003L);
      assertThat(first.getStep()).isEqualTo(3);
      assertThat(step.getLoss()).isEqualTo(2.5);
      assertThat(step.getGradNorm()).isInfinite();
      assertThat(step.getLayerGradNorms()).containsExactly(0.5f, 1.5f);
      assertThat(step.getMetrics()).isEqualTo(Map.of("accuracy", 0.25));
      assertThat(((RunStarted) events.get(0).getBody()).getLayerNames()).containsExactly("a", "b");
      assertThat(events.get(3).getAttempt()).isEqualTo(1);
      assertThat(events.get(3).getRank()).isZero();
      assertThat(((EvaluationCompleted) events.get(4).getBody()).getLoss()).isEqualTo(3);
    }
  }

  @Test
  void whileKafkaIsAwayTheQueueFillsAndThenOthersAreToldToComeAgain() throws Exception {
    int port = Ports.free();
    try (Gateway gateway = gateway("127.0.0.1:" + port, Duration.ofMillis(1))) {
      Door door = new Door(gateway, "");
      assertThat(door.get("/readyz").status()).as("nobody sent anything yet").isEqualTo(200);
      int taken = 0;
      Answer answer = door.post(row(taken));
      while (answer.status() == 202) {
        taken++;
        answer = door.post(row(taken));
      }

      assertThat(answer.status()).isEqualTo(429);
      assertThat(taken).isBetween(QUEUE - 1, QUEUE + 1);
      assertThat(door.get("/healthz").status()).isEqualTo(200);
      Await.until("the gateway to be not ready", () -> door.get("/readyz").status() == 503);
      assertThat(door.get("/readyz").text())
          .isEqualTo("{\"ready\":false,\"problem\":\"Kafka takes no events of 1 of 1 projects\"}");

      try (KafkaCluster kafka =
          EmbeddedKafka.start(BrokerOptions.temporary().withDataFolder(folder).withPort(port))) {
        kafka.createTopic(Topics.events("home"), 1);
        Await.until("the gateway to be ready again", () -> door.get("/readyz").status() == 200);
        assertThat(door.post(row(taken)).status()).isEqualTo(202);
        gateway.close();
        assertThat(read(kafka))
            .filteredOn(event -> event.getBody() instanceof StepCompleted)
            .extracting(TrainingEvent::getStep)
            .isEqualTo(LongStream.rangeClosed(0, taken).boxed().toList());
      }
    }
  }

  @Test
  void whoIsTooSlowIsCutOff() throws Exception {
    try (Gateway gateway = gateway("127.0.0.1:" + Ports.free(), Duration.ofMinutes(5))) {
      Door door = new Door(gateway, "");
      List<String> beginnings =
          List.of(
              "POST /v1/ev",
              "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-T",
              "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 100\r\n\r\n{\"run\":",
              "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"run");
      List<Socket> slow = new ArrayList<>();
      for (String beginning : beginnings) {
        Socket socket = door.connect();
        slow.add(socket);
        OutputStream out = socket.getOutputStream();
        out.write(beginning.getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }

      assertThat(door.post(row(0)).status()).as("others are served meanwhile").isEqualTo(202);
      for (Socket socket : slow) {
        assertThat(Door.rest(socket.getInputStream())).isEmpty(); // returns when it is cut off
        socket.close();
      }
      assertThat(door.get("/metrics").text()).contains("gradwatch_gateway_body_bytes 0\n");
    }
  }

  private static Gateway gateway(String servers, Duration kafkaPatience) throws IOException {
    GatewayLimits standard = GatewayLimits.standard();
    GatewayLimits limits =
        new GatewayLimits(
            standard.bodyBytes(),
            standard.rows(),
            standard.bodiesBytes(),
            standard.queuedBytes(),
            standard.knownRunsBytes(),
            kafkaPatience);
    GatewayOptions options =
        new GatewayOptions(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            null,
            "home",
            null,
            null,
            false,
            limits);
    return Gateway.start(
        options,
        project ->
            Outlet.of(
                StepPublisher.builder()
                    .bootstrapServers(servers)
                    .project(project)
                    .queueCapacity(QUEUE)
                    .clientProperties(Map.of("reconnect.backoff.max.ms", "200"))
                    .buildForAnyRun()));
  }

  private static List<TrainingEvent> read(KafkaCluster kafka) throws Exception {
    List<TrainingEvent> events = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record :
        kafka.readAll(Topics.events("home"), IsolationLevel.READ_UNCOMMITTED)) {
      events.add(CODEC.decode(record.value()));
    }
    return events;
  }

  private static String row(int step) {
    return "{\"run\":\"r\",\"step\":" + step + ",\"loss\":1}";
  }
}
