package io.gradwatch.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.InMemorySchemaRegistry;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.SchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherBuilderTest {

  @Test
  void refusesSettingsThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StepPublisher.builder().project("Team A"))
        .withMessageContaining("Team A");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StepPublisher.builder().runId(" "))
        .withMessage("run id is ' ', must be 1 to 256 bytes that show");
    assertThatIllegalArgumentException().isThrownBy(() -> StepPublisher.builder().runId("a\nb"));
    assertThatIllegalArgumentException().isThrownBy(() -> StepPublisher.builder().attempt(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> StepPublisher.builder().rank(1_048_576));
    assertThatIllegalArgumentException().isThrownBy(() -> StepPublisher.builder().queueCapacity(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StepPublisher.builder().bootstrapServers("localhost:1").build())
        .withMessage("the run id is not set");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StepPublisher.builder().runId("a").build())
        .withMessage("bootstrap servers are not set");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () ->
                StepPublisher.builder()
                    .bootstrapServers("localhost:1")
                    .clientProperties(Map.of("linger.ms", "soon"))
                    .buildForAnyRun())
        .withMessageContaining("soon");
  }

  @Test
  void readsClientPropertiesFromAFile(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("client.properties"), "linger.ms=soon\nbootstrap.servers=localhost:1\n");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> StepPublisher.builder().clientFile(file).buildForAnyRun())
        .withMessageContaining("soon");
  }

  @Test
  void buildsWithoutABroker() {
    StepPublisher publisher =
        StepPublisher.builder().bootstrapServers("127.0.0.1:1").runId("a").build();

    publisher.step(StepReport.of(1));
    publisher.close(Duration.ZERO);

    Await.until(
        "the event to be counted, which may have been in hand",
        () -> publisher.stats().dropped(DropCause.CLOSED) == 1);
  }

  @Test
  void writesTheFramingOfARegistryWhenAsked() throws Exception {
    InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    EventPublisher publisher =
        StepPublisher.builder().framing(registry, Framing.CONFLUENT).publisher(() -> producer);

    publisher.publish(Publishing.event("a", 1));
    publisher.close(Publishing.AMPLE);

    byte[] value = producer.history().get(0).value();
    assertThat(value).startsWith(0, 0, 0, 0, 1);
    assertThat(RecordCodec.of(TrainingEvent.class, registry, Framing.CONFLUENT).decode(value))
        .isEqualTo(Publishing.event("a", 1));
  }

  @Test
  void waitsForARegistryThatIsAway() {
    AtomicInteger asked = new AtomicInteger();
    SchemaRegistry away =
        new SchemaRegistry() {
          @Override
          public String schema(int id) {
            throw new AssertionError("nothing is read");
          }

          @Override
          public int id(String subject, Schema schema) {
            if (asked.incrementAndGet() < 3) {
              throw new UncheckedIOException(new IOException("away"));
            }
            return 7;
          }
        };
    MockProducer<byte[], byte[]> producer = Publishing.producer();
    EventPublisher publisher =
        StepPublisher.builder()
            .framing(away, Framing.CONFLUENT)
            .reconnect(Duration.ofMillis(1))
            .publisher(() -> producer);

    publisher.publish(Publishing.event("a", 1));
    publisher.publish(Publishing.event("a", 2));
    Await.until("both to be published", () -> publisher.stats().published() == 2);
    publisher.close(Publishing.AMPLE);

    assertThat(producer.history())
        .hasSize(2)
        .allSatisfy(record -> assertThat(record.value()).startsWith(0, 0, 0, 0, 7));
    assertThat(asked).hasValue(3);
  }

  @Test
  void talksToOtherMachinesOverTlsOnlyUnlessToldOtherwise() {
    assertThatThrownBy(
            () -> StepPublisher.builder().bootstrapServers("kafka:9092").runId("run").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("such as kafka:9092; or call allowPlaintext()");
    assertThatThrownBy(
            () ->
                Advisor.builder()
                    .bootstrapServers("kafka:9092")
                    .runId("run")
                    .bounds(0.1, 1)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowPlaintext()");
  }
}
