package io.gradwatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.schemas.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class GatewayCommandIT {
  private static final String TOKEN = "token-of-the-vision-team";
  private static final Pattern EVENTS = Pattern.compile("(?m)^events {2}(http://\\S+/v1/events)$");

  @TempDir private Path folder;

  @Test
  void putsWhatIsPostedIntoTheTopicOfTheTokensProject() throws Exception {
    Path tokens = tokens("rw-------");
    try (KafkaCluster kafka = KafkaCluster.start()) {
      kafka.createTopic(Topics.events("vision"), 1);
      StringWriter out = new StringWriter();
      AtomicInteger code = new AtomicInteger(-1);
      Thread command =
          new Thread(
              () ->
                  code.set(
                      Gradwatch.commandLine()
                          .setOut(new PrintWriter(out))
                          .execute(
                              "gateway",
                              "--port=0",
                              "--tokens=" + tokens,
                              "--bootstrap-server=" + kafka.bootstrapServers())));
      command.start();
      String events =
          Await.first(
              "the address",
              () -> {
                Matcher said = EVENTS.matcher(out.toString());
                return said.find() ? Optional.of(said.group(1)) : Optional.empty();
              });

      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(events))
                      .timeout(Duration.ofMinutes(3))
                      .header("Authorization", "Bearer " + TOKEN)
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString("{\"run\":\"r\",\"step\":1,\"loss\":2.3}"))
                      .build(),
                  BodyHandlers.ofString());
      command.interrupt();
      command.join();

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(code).hasValue(0);
      assertThat(kafka.readAll(Topics.events("vision"), IsolationLevel.READ_UNCOMMITTED))
          .extracting(record -> new String(record.key(), UTF_8))
          .containsExactly("r", "r");
    }
  }

  @Test
  void refusesWhatWouldNotBeSafe() throws Exception {
    CommandRun open = gateway("--bind=0.0.0.0");
    CommandRun plain = gateway("--bind=0.0.0.0", "--tokens=" + tokens("rw-------"));
    CommandRun readable = gateway("--tokens=" + tokens("rw-r--r--"));
    CommandRun kafka =
        CommandRun.of("gateway", "--bootstrap-server=kafka.invalid:9092", "--port=0");

    assertThat(open.code()).isEqualTo(2);
    assertThat(open.err()).startsWith("0.0.0.0 can be reached by other machines, there must be t");
    assertThat(plain.code()).isEqualTo(2);
    assertThat(plain.err()).contains("there must be TLS");
    assertThat(readable.code()).isEqualTo(1);
    assertThat(readable.err()).contains("may be read or written by everybody").hasLineCount(1);
    assertThat(kafka.code()).isEqualTo(1);
    assertThat(kafka.err()).contains("must be SSL or SASL_SSL").hasLineCount(1);
    assertThat(gateway("--port=65536").code()).isEqualTo(2);
    assertThat(gateway("--project=NO").code()).isEqualTo(2);
    assertThat(gateway("--bind=no.such.host.invalid").code()).isEqualTo(2);
  }

  private static CommandRun gateway(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "gateway";
    arguments[1] = "--bootstrap-server=127.0.0.1:1";
    System.arraycopy(options, 0, arguments, 2, options.length);
    return CommandRun.of(arguments);
  }

  private Path tokens(String permissions) throws Exception {
    Path file = Files.writeString(folder.resolve("tokens-" + permissions), "vision " + TOKEN);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
