package io.gradwatch.schemas.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.KnownSchemas;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.RecordFormatException.Fault;
import io.gradwatch.schemas.SchemaRefusedException;
import io.gradwatch.schemas.registry.Compatibility.Found;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSchemaRegistryTest {
  private static final Schema ONE = record("{\"name\":\"a\",\"type\":\"int\"}");
  private static final Schema WIDER =
      record("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
  private static final Schema OTHER = record("{\"name\":\"b\",\"type\":\"int\"}");
  private static final String SUBJECT = "a topic/of ours-value";

  /** A registry that would be waited for is not. */
  private static final Duration SHORT = Duration.ofMillis(150);

  @TempDir private Path folder;
  private final CountDownLatch over = new CountDownLatch(1);
  private StubRegistry stub;
  private HttpSchemaRegistry registry;

  private static Schema record(String fields) {
    return new Schema.Parser()
        .parse("{\"type\":\"record\",\"name\":\"A\",\"fields\":[" + fields + "]}");
  }

  @BeforeEach
  void start() throws IOException {
    stub = new StubRegistry();
    registry = new HttpSchemaRegistry(stub.options());
  }

  @AfterEach
  void stop() {
    over.countDown();
    stub.close();
  }

  @Test
  void tellsTheTextOfAnIdAndWhichIdsThereAreNot() {
    int id = stub.register(SUBJECT, ONE.toString());
    assertThat(registry.schema(id)).isEqualTo(ONE.toString());
    assertThat(registry.schema(id + 1)).isNull();
    assertThat(registry.schema(Integer.MAX_VALUE)).isNull();
    assertThat(stub.asked()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void asksForNoIdBelowOne(int id) {
    assertThat(registry.schema(id)).isNull();
    assertThat(stub.asked()).isEmpty();
  }

  @Test
  void registersWhatIsNotThereAndElseLooksItUp() {
    int id = registry.id(SUBJECT, ONE);
    assertThat(registry.id(SUBJECT, ONE)).isEqualTo(id);
    assertThat(registry.id("another-value", ONE)).isEqualTo(id);
    assertThat(registry.schema(id)).isEqualTo(ONE.toString());
    String path = "/subjects/a%20topic%2Fof%20ours-value";
    assertThat(stub.asked().subList(0, 3))
        .containsExactly("POST " + path, "POST " + path + "/versions", "POST " + path);
  }

  @Test
  void asksOnlyToReadForWhatIsRegistered() {
    int id = stub.register(SUBJECT, ONE.toString());
    stub.behave(
        exchange -> {
          boolean writes = exchange.getRequestURI().getPath().endsWith("/versions");
          if (writes) {
            StubRegistry.answer(exchange, 403, "{\"error_code\":40301,\"message\":\"no\"}");
          }
          return writes;
        });
    assertThat(registry.id(SUBJECT, ONE)).isEqualTo(id);
    assertRefused(() -> registry.id(SUBJECT, WIDER), "answered 403 (no); its login");
  }

  @Test
  void tellsWhyASchemaIsRefused() {
    stub.register(SUBJECT, ONE.toString());
    assertRefused(
        () -> registry.register(SUBJECT, OTHER),
        "the registry refused to register A as subject "
            + SUBJECT
            + ": 409 Schema is incompatible");
  }

  @Test
  void comparesWithTheNewestVersion() {
    assertThat(registry.check(SUBJECT, ONE).found()).isEqualTo(Found.MISSING);
    stub.register(SUBJECT, ONE.toString());
    assertThat(registry.check(SUBJECT, ONE).found()).isEqualTo(Found.REGISTERED);
    assertThat(registry.check(SUBJECT, WIDER))
        .isEqualTo(new Compatibility(Found.COMPATIBLE, List.of()));
    Compatibility other = registry.check(SUBJECT, OTHER);
    assertThat(other.found()).isEqualTo(Found.INCOMPATIBLE);
    assertThat(other.reasons())
        .satisfiesExactly(
            reason ->
                assertThat(reason)
                    .startsWith(
                        "this schema cannot read version 1:"
                            + " READER_FIELD_MISSING_DEFAULT_VALUE at /fields/0"),
            reason ->
                assertThat(reason)
                    .startsWith(
                        "version 1 cannot read this schema:"
                            + " READER_FIELD_MISSING_DEFAULT_VALUE at /fields/0"),
            reason -> assertThat(reason).startsWith("the registry would refuse it: by"));
    assertThat(stub.asked()).noneMatch(request -> request.matches("POST /subjects/[^/]*/versions"));
  }

  @Test
  void saysWhatIsWrongWithAVersionThatIsNoAvro() {
    stub.register(SUBJECT, "syntax = \"proto3\";");
    stub.behave(
        exchange -> {
          boolean compares = exchange.getRequestURI().getPath().startsWith("/compatibility");
          if (compares) {
            StubRegistry.answer(exchange, 422, "{\"error_code\":42201,\"message\":\"other type\"}");
          }
          return compares;
        });
    assertThat(registry.check(SUBJECT, ONE).reasons())
        .containsExactly("version 1 is no Avro schema", "the registry would refuse it: other type");
  }

  @Test
  void a404ThatIsNotTheRegistrysOwnSaysNothing() {
    stub.behave(
        exchange -> {
          StubRegistry.answer(exchange, 404, "<html>not here</html>");
          return true;
        });
    assertSilent("answered 404; is the URL that of the API's base?");
    stub.behave(exchange -> false);
    HttpSchemaRegistry elsewhere =
        new HttpSchemaRegistry(RegistryOptions.of(stub.url() + "/apis/none", false));
    assertThatThrownBy(() -> elsewhere.schema(1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("answered 404 (HTTP 404 Not Found)");
  }

  @ParameterizedTest
  @CsvSource({"500, 3", "503, 3", "429, 3", "400, 1", "401, 1", "403, 1", "204, 1"})
  void triesAgainOnlyWhatMayPass(int status, int times) {
    stub.behave(
        exchange -> {
          StubRegistry.answer(exchange, status, "");
          return true;
        });
    assertSilent("answered " + status);
    assertThat(stub.asked()).hasSize(times);
  }

  @Test
  void anIdThatIsDeniedWhileAnotherIsToldIsRefused() {
    int told = stub.register(SUBJECT, ONE.toString());
    int denied = stub.register(SUBJECT, WIDER.toString());
    deny(403, "{\"error_code\":40301,\"message\":\"not yours\"}", "/schemas/ids/" + denied);
    assertThat(registry.schema(told)).isEqualTo(ONE.toString());
    assertThatThrownBy(() -> registry.schema(denied))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContainingAll(
            "schema id is " + denied + ",", stub.url(), "answered 403 (not yours)", "replay");
    assertThat(stub.asked())
        .containsExactly(
            "GET /schemas/ids/" + told, "GET /schemas/ids/" + denied, "GET /schemas/ids/" + told);
  }

  @Test
  void theFirstIdIsRefusedIfTheLoginMayReadAnySubject() {
    deny(403, "{\"error_code\":403,\"message\":\"not yours\"}", "/schemas/ids/1");
    assertSilent("answered 403 (not yours)"); // there is no subject
    stub.register(SUBJECT, ONE.toString());
    assertThatThrownBy(() -> registry.schema(1)).isInstanceOf(SchemaRefusedException.class);
    assertThat(stub.asked()).last().isEqualTo("GET /subjects");
  }

  @Test
  void aLoginThatLosesItsRightsHoldsWhatItReads() {
    int told = stub.register(SUBJECT, ONE.toString());
    assertThat(registry.schema(told)).isNotNull();
    deny(403, "{\"error_code\":40301,\"message\":\"no\"}", "/schemas/ids/.*");
    assertRefused(
        () -> registry.schema(told + 1),
        "answered 403 (no); its login is missing or may not do this");
    deny(403, "{\"error_code\":40301,\"message\":\"no\"}", ".*");
    assertSilent("answered 403 (no)");
  }

  @ParameterizedTest
  @CsvSource({
    "401, 40101", // whoever asks is not known
    "403, 0", // a proxy's
    "404, 404", // another path's
    "407, 407",
    "408, 408",
    "429, 42901",
    "500, 50001",
    "503, 50302"
  })
  void whatIsNotSaidOfTheIdHoldsItThoughOthersAreTold(int status, int code) {
    int told = stub.register(SUBJECT, ONE.toString());
    assertThat(registry.schema(told)).isNotNull();
    deny(status, "{\"error_code\":" + code + "}", "/schemas/ids/99");
    assertRefused(() -> registry.schema(99), "answered " + status);
  }

  @Test
  void isDeniedOnlyByAllItsUrls() throws IOException {
    int told = stub.register(SUBJECT, ONE.toString());
    deny(403, "{\"error_code\":40301,\"message\":\"no\"}", "/schemas/ids/99");
    String urls = stub.url() + ",http://127.0.0.1:" + closedPort();
    HttpSchemaRegistry several = new HttpSchemaRegistry(RegistryOptions.of(urls, false));
    assertThat(several.schema(told)).isNotNull();
    assertRefused(() -> several.schema(99), "answered 403");
  }

  @Test
  void isAskedForAnUnknownIdOnceForManyRecords() {
    RecordCodec<TrainingEvent> codec = RecordCodec.reading(TrainingEvent.class, registry);
    byte[] value = ByteBuffer.allocate(9).put((byte) 0).putInt(99).array();
    for (int record = 0; record < 100; record++) {
      assertThatThrownBy(() -> codec.decode(value)).hasMessageContaining("does not know");
    }
    assertThat(stub.asked()).hasSize(1);
  }

  @Test
  void overcomesTroubleThatPasses() {
    int id = stub.register(SUBJECT, ONE.toString());
    AtomicInteger left = new AtomicInteger(2);
    stub.behave(
        exchange -> {
          boolean trouble = left.getAndDecrement() > 0;
          if (trouble) {
            StubRegistry.answer(exchange, 503, "{\"error_code\":50001,\"message\":\"later\"}");
          }
          return trouble;
        });
    assertThat(registry.schema(id)).isEqualTo(ONE.toString());
  }

  @Test
  void triesItsUrlsInTurn() throws IOException {
    int id = stub.register(SUBJECT, ONE.toString());
    try (StubRegistry broken = new StubRegistry()) {
      broken.behave(
          exchange -> {
            StubRegistry.answer(exchange, 500, "oops");
            return true;
          });
      String urls = "http://127.0.0.1:" + closedPort() + "," + broken.url() + "," + stub.url();
      HttpSchemaRegistry several = new HttpSchemaRegistry(RegistryOptions.of(urls, false));
      assertThat(several.schema(id)).isEqualTo(ONE.toString());
      assertThat(several.schema(id + 1)).isNull();
      assertThat(broken.asked()).hasSize(2);
    }
  }

  @Test
  void oneThatIsDownSaysNothing() throws IOException {
    String url = "http://127.0.0.1:" + closedPort();
    HttpSchemaRegistry down = new HttpSchemaRegistry(RegistryOptions.of(url, false));
    assertThatThrownBy(() -> down.schema(7))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(
            "the registry says nothing to GET /schemas/ids/7: " + url + " cannot be asked");
  }

  @Test
  void oneThatHangsUpSaysNothing() {
    stub.behave(
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write("{\"schema\":".getBytes(UTF_8));
          exchange.close();
          return true;
        });
    assertSilent("cannot be asked");
  }

  @Test
  void oneThatNeverAnswersIsNotWaitedFor() {
    stub.behave(exchange -> await());
    assertThatThrownBy(() -> impatient().schema(1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no answer within 150 ms");
  }

  @Test
  void oneThatAnswersByteByByteIsNotWaitedFor() {
    stub.behave(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (over.getCount() > 0) {
              out.write(' ');
              out.flush();
              Thread.onSpinWait();
            }
          } catch (IOException e) {
            return true; // hung up on
          }
          return true;
        });
    assertThatThrownBy(() -> impatient().schema(1)).isInstanceOf(UncheckedIOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<html>please log in</html>", "[]", "7", "\"\"", "{\"schema\":", "\u0000"})
  void garbageSaysNothing(String body) {
    stub.behave(
        exchange -> {
          StubRegistry.answer(exchange, 200, body);
          return true;
        });
    assertSilent("answered 200 with what is no JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"schema\":null}", "{\"schema\":{\"type\":\"int\"}}"})
  void anObjectThatIsNoAnswerSaysNothing(String body) {
    stub.behave(
        exchange -> {
          StubRegistry.answer(exchange, 200, body);
          return true;
        });
    assertSilent("the registry's answer has no schema, must have a text");
  }

  @Test
  void anAnswerWithoutEndIsABadSchema() {
    stub.behave(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] some = "{\"schema\":\"x".repeat(1_000).getBytes(UTF_8);
          try (OutputStream out = exchange.getResponseBody()) {
            while (over.getCount() > 0) {
              out.write(some);
            }
          } catch (IOException e) {
            return true; // hung up on
          }
          return true;
        });
    assertThat(registry.schema(1)).hasSize(RegistryHttp.MOST_BYTES);
    RecordCodec<TrainingEvent> codec = RecordCodec.reading(TrainingEvent.class, registry);
    byte[] value = ByteBuffer.allocate(9).put((byte) 0).putInt(1).array();
    assertThatThrownBy(() -> codec.decode(value))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageContaining("characters, more than 262144")
        .extracting(e -> ((RecordFormatException) e).fault())
        .isEqualTo(Fault.UNACCEPTABLE_SCHEMA);
  }

  @Test
  void followsNoRedirect() throws IOException {
    try (StubRegistry target = new StubRegistry()) {
      target.register(SUBJECT, ONE.toString());
      stub.behave(
          exchange -> {
            exchange.getResponseHeaders().set("Location", target.url() + "/schemas/ids/1");
            StubRegistry.answer(exchange, 302, "");
            return true;
          });
      assertSilent("answered 302; redirects are not followed, give its target");
      assertThat(target.asked()).isEmpty();
    }
  }

  @Test
  void logsInWithASecretThatMayChange() throws IOException {
    Path secrets = folder.resolve("registry.properties");
    Files.writeString(secrets, "password=one\ntoken=two\n");
    String reference = "${file:" + secrets + ":%s}";
    HttpSchemaRegistry basic =
        new HttpSchemaRegistry(
            stub.options()
                .withLogin(RegistryLogin.of("job:" + reference.formatted("password"), "")));
    HttpSchemaRegistry bearer =
        new HttpSchemaRegistry(
            stub.options().withLogin(RegistryLogin.of("", reference.formatted("token"))));
    assertThat(registry.schema(1)).isNull();
    assertThat(basic.schema(1)).isNull();
    assertThat(bearer.schema(1)).isNull();
    Files.writeString(secrets, "token=three\n");
    assertThat(bearer.schema(1)).isNull();
    assertThat(stub.authorizations())
        .containsExactly(
            "-",
            "Basic " + Base64.getEncoder().encodeToString("job:one".getBytes(UTF_8)),
            "Bearer two",
            "Bearer three");
    assertRefused(() -> basic.schema(1), "names no line of its file");
    Files.writeString(secrets, "token=a\\r\\nX-Other: canary-55\n");
    assertThatThrownBy(() -> bearer.schema(1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("a character that no token may have")
        .hasMessageNotContaining("canary-55");
    Files.writeString(secrets, "token=canary-55-\\u20ac\n");
    assertThatThrownBy(() -> bearer.schema(1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("a character that no token may have")
        .hasMessageNotContaining("canary-55");
  }

  @Test
  void repeatsTheRegistrysWordsHarmlessAndShort() {
    stub.behave(
        exchange -> {
          String message = "\\u001b[31mred\\nline" + "x".repeat(1_000);
          StubRegistry.answer(
              exchange, 500, "{\"error_code\":50001,\"message\":\"" + message + "\"}");
          return true;
        });
    assertThatThrownBy(() -> registry.schema(1))
        .hasMessageContaining("answered 500 ([31mred line")
        .satisfies(
            e -> assertThat(e.getMessage()).hasSizeLessThan(600).doesNotContain("\u001b", "\n"));
  }

  @Test
  void carriesEventsBothWays() throws RecordFormatException {
    RecordCodec<TrainingEvent> writer =
        RecordCodec.of(TrainingEvent.class, registry, Framing.CONFLUENT);
    RecordCodec<TrainingEvent> reader =
        RecordCodec.reading(TrainingEvent.class, new HttpSchemaRegistry(stub.options()));
    stub.register("before-value", ONE.toString());
    TrainingEvent event = TrainingEvent.newBuilder().setRunId("r").setStep(3).build();
    byte[] value = writer.encode(event, "gradwatch.events.v1.default");
    assertThat(value).startsWith(0, 0, 0, 0, 2);
    assertThat(reader.decode(value)).isEqualTo(event);
    assertThat(reader.writer(value).fingerprint())
        .isEqualTo(KnownSchemas.fingerprint(KnownSchemas.of(TrainingEvent.class).current()));
    assertThat(stub.asked()).filteredOn(request -> request.startsWith("GET")).hasSize(1);
  }

  /** Answers requests for some path so, and others as it should. */
  private void deny(int status, String body, String path) {
    stub.behave(
        exchange -> {
          boolean meant = exchange.getRequestURI().getPath().matches(path);
          if (meant) {
            StubRegistry.answer(exchange, status, body);
          }
          return meant;
        });
  }

  private HttpSchemaRegistry impatient() {
    return new HttpSchemaRegistry(stub.options().withTimeouts(SHORT, SHORT));
  }

  private boolean await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  /** Nothing is said about schema 1, and why. */
  private void assertSilent(String why) {
    assertRefused(() -> registry.schema(1), why);
  }

  private static void assertRefused(ThrowingCallable call, String why) {
    assertThatThrownBy(call).isInstanceOf(UncheckedIOException.class).hasMessageContaining(why);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
