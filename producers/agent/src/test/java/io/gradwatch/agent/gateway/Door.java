package io.gradwatch.agent.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A gateway seen from outside. */
final class Door {
  static final String JSON = "application/json";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final int port;
  private final String token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofMinutes(3))
          .build();

  /**
   * @param token empty: none is sent
   */
  Door(Gateway gateway, String token) {
    this.port = gateway.address().getPort();
    this.token = token;
  }

  /** What came back. */
  record Answer(int status, JsonNode body, HttpResponse<String> response) {
    String text() {
      return response.body();
    }
  }

  Answer post(String json) {
    return post(JSON, json);
  }

  Answer post(String contentType, String body) {
    return send(events().header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  HttpRequest.Builder events() {
    return request("/v1/events");
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofMinutes(3));
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      boolean json = response.headers().firstValue("Content-Type").orElse("").equals(JSON);
      return new Answer(
          response.statusCode(),
          json && !response.body().isEmpty()
              ? MAPPER.readTree(response.body())
              : MAPPER.missingNode(),
          response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What comes back for these bytes, until the gateway closes the connection. */
  String raw(String bytes) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      return rest(socket.getInputStream());
    }
  }

  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  static String rest(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (int c = in.read(); c >= 0; c = in.read()) {
        text.append((char) c);
      }
    } catch (java.net.SocketException e) {
      return text.toString(); // cut off while more was under way
    }
    return text.toString();
  }
}
