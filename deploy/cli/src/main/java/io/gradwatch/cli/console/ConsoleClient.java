package io.gradwatch.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.console.api.Problem;
import io.gradwatch.console.api.SessionView;
import io.gradwatch.console.server.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks a console by its interface. What goes wrong is told with the address and what to do; no
 * redirect is followed, for it could carry the token elsewhere.
 */
final class ConsoleClient {
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration REMARK_PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 64 << 20;
  private static final int MOST_REMARK_BYTES = 1024;
  private static final int UNAVAILABLE = 503;
  private static final String CSRF = "X-Gradwatch-Csrf";
  private static final int SEE_OTHER_FIRST = 300;
  private static final int REFUSED_FIRST = 400;

  private final URI address;
  private final @Nullable String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  /**
   * @param token null: none is sent
   */
  ConsoleClient(URI address, @Nullable String token) {
    this.address = address;
    this.token = token;
  }

  /**
   * Asks for a record.
   *
   * @param path below /api/v1, its parts encoded
   * @throws CommandFailedException when the console does not answer or refuses
   */
  <T> T get(String path, Class<T> type) throws InterruptedException {
    return read(bytes(path), path, type);
  }

  /** Asks for a file. */
  byte[] bytes(String path) throws InterruptedException {
    return send(request(path).GET().build());
  }

  /**
   * Changes something.
   *
   * @param method PUT, POST or DELETE
   * @param body a record; null: none
   */
  <T> T change(String method, String path, @Nullable Object body, Class<T> type)
      throws InterruptedException {
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    if (token == null) {
      request.header(CSRF, get("/session", SessionView.class).csrf());
    }
    byte[] bytes = body == null ? new byte[0] : Json.bytes(body);
    return read(
        send(request.method(method, BodyPublishers.ofByteArray(bytes)).build()), path, type);
  }

  /**
   * What keeps the console from showing what there is, in a line, such as that it cannot read from
   * Kafka; null: nothing, or it does not say. Only a remark, so that what goes wrong here is passed
   * over.
   */
  @Nullable String unready() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/readyz")).timeout(REMARK_PATIENCE).build();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        String text = new String(in.readNBytes(MOST_REMARK_BYTES), UTF_8);
        return response.statusCode() == UNAVAILABLE && type.startsWith("text/plain")
            ? Style.harmless(text.lines().findFirst().orElse(""))
            : null;
      }
    } catch (IOException e) {
      return null;
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + "/api/v1" + path)).timeout(PATIENCE);
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private byte[] send(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      byte[] body;
      try (InputStream in = response.body()) {
        body = in.readNBytes(MOST_BYTES + 1);
      }
      if (body.length > MOST_BYTES) {
        throw failure("answered with more than " + MOST_BYTES + " bytes", null);
      }
      if (response.statusCode() >= SEE_OTHER_FIRST) {
        throw refusal(response.statusCode(), body);
      }
      return body;
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw failure(
          "does not answer; start one with `gradwatch up` or `gradwatch console`, or say where it is"
              + " with --console",
          e);
    } catch (HttpTimeoutException e) {
      throw failure("did not answer within " + PATIENCE.toSeconds() + " s", e);
    } catch (IOException e) {
      String reason = e.getMessage();
      throw failure("broke off: " + (reason == null ? e.getClass().getSimpleName() : reason), e);
    }
  }

  private CommandFailedException refusal(int status, byte[] body) {
    if (status < REFUSED_FIRST) {
      return failure("sends elsewhere (" + status + "), which is not followed", null);
    }
    String detail = "";
    try {
      Problem problem = Json.answer(new String(body, UTF_8), Problem.class);
      detail = problem == null || problem.detail() == null ? "" : ": " + problem.detail();
    } catch (JsonProcessingException e) {
      detail = ", and not as a console does"; // another server may listen there
    }
    if (status == 401) {
      detail += "; give a token with --token-file or GRADWATCH_CONSOLE_TOKEN";
    }
    return failure("refused (" + status + ")" + detail, null);
  }

  private <T> T read(byte[] body, String path, Class<T> type) {
    try {
      T record = Json.answer(new String(body, UTF_8), type);
      if (record != null) {
        return record;
      }
    } catch (JsonProcessingException e) {
      throw failure(
          "answered "
              + path
              + " with something else than a console does: "
              + e.getOriginalMessage(),
          e);
    }
    throw failure("answered " + path + " with nothing", null);
  }

  private CommandFailedException failure(String what, @Nullable Throwable cause) {
    String message = Style.harmless("the console at " + address + " " + what);
    return cause == null
        ? new CommandFailedException(message)
        : new CommandFailedException(message, cause);
  }
}
