package io.gradwatch.schemas.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * A registry in this JVM that follows Confluent's published API where it behaves (rule: BACKWARD),
 * and does what a test tells it to where it does not. The real one is asked in SchemaRegistryIT.
 */
final class StubRegistry implements AutoCloseable {
  /** What happens to requests instead of an answer by the API. */
  interface Trouble {
    /** True when it has dealt with the request. */
    boolean meets(HttpExchange exchange) throws IOException;
  }

  private static final Pattern PATH =
      Pattern.compile(
          "(/compatibility)?/subjects/([^/]+)(/versions(/latest)?)?|/schemas/ids/(-?\\d+)|(/subjects)");
  private static final String TYPE = "application/vnd.schemaregistry.v1+json";

  private final ObjectMapper json = new ObjectMapper();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> schemas = new ArrayList<>();
  private final Map<String, List<Integer>> subjects = new LinkedHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile Trouble trouble = exchange -> false;
  private final HttpServer server;

  StubRegistry() throws IOException {
    this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  StubRegistry(HttpServer server) {
    this.server = server;
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  RegistryOptions options() {
    return RegistryOptions.of(url(), false);
  }

  void behave(Trouble trouble) {
    this.trouble = trouble;
  }

  /** Methods and paths of all requests. */
  List<String> asked() {
    return asked;
  }

  /** Of all requests, {@code -} for none. */
  List<String> authorizations() {
    return authorizations;
  }

  /** Takes any text for a schema and gives its id. */
  synchronized int register(String subject, String text) {
    int known = schemas.indexOf(text) + 1;
    int id = known > 0 ? known : schemas.size() + 1;
    if (known == 0) {
      schemas.add(text);
    }
    List<Integer> versions = subjects.computeIfAbsent(subject, unused -> new ArrayList<>());
    if (!versions.contains(id)) {
      versions.add(id);
    }
    return id;
  }

  static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", TYPE);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(authorization == null ? "-" : authorization);
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (trouble.meets(exchange)) {
      return;
    }
    Matcher path = PATH.matcher(exchange.getRequestURI().getRawPath());
    String subject =
        path.matches() && path.group(2) != null ? URLDecoder.decode(path.group(2), UTF_8) : "";
    if (!path.matches()) {
      answer(exchange, 404, "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}");
    } else if (path.group(5) != null) {
      tellSchema(exchange, Integer.parseInt(path.group(5)));
    } else if (path.group(6) != null) {
      tellSubjects(exchange);
    } else if (exchange.getRequestMethod().equals("GET")) {
      tellLatest(exchange, subject);
    } else {
      String schema = json.readTree(body).path("schema").asText();
      if (path.group(1) != null) {
        compare(exchange, subject, schema);
      } else if (path.group(3) != null) {
        take(exchange, subject, schema);
      } else {
        lookUp(exchange, subject, schema);
      }
    }
  }

  private synchronized void tellSchema(HttpExchange exchange, int id) throws IOException {
    if (id < 1 || id > schemas.size()) {
      answer(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    } else {
      answer(exchange, 200, json.createObjectNode().put("schema", schemas.get(id - 1)).toString());
    }
  }

  private synchronized void tellSubjects(HttpExchange exchange) throws IOException {
    answer(exchange, 200, json.writeValueAsString(subjects.keySet()));
  }

  private synchronized void tellLatest(HttpExchange exchange, String subject) throws IOException {
    if (missing(exchange, subject)) {
      return;
    }
    List<Integer> versions = subjects.get(subject);
    int id = versions.get(versions.size() - 1);
    answer(exchange, 200, version(subject, versions.size(), id).toString());
  }

  private synchronized void lookUp(HttpExchange exchange, String subject, String schema)
      throws IOException {
    if (missing(exchange, subject)) {
      return;
    }
    int version = subjects.get(subject).indexOf(schemas.indexOf(schema) + 1) + 1;
    if (version == 0) {
      answer(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    } else {
      int id = subjects.get(subject).get(version - 1);
      answer(exchange, 200, version(subject, version, id).toString());
    }
  }

  private synchronized void take(HttpExchange exchange, String subject, String schema)
      throws IOException {
    if (!isCompatible(subject, schema)) {
      answer(exchange, 409, "{\"error_code\":409,\"message\":\"Schema is incompatible\"}");
    } else {
      int id = register(subject, schema);
      answer(exchange, 200, json.createObjectNode().put("id", id).toString());
    }
  }

  private synchronized void compare(HttpExchange exchange, String subject, String schema)
      throws IOException {
    if (missing(exchange, subject)) {
      return;
    }
    boolean compatible = isCompatible(subject, schema);
    ObjectNode verdict = json.createObjectNode().put("is_compatible", compatible);
    if (!compatible) {
      verdict.putArray("messages").add("by\u001bthe rule");
    }
    answer(exchange, 200, verdict.toString());
  }

  private boolean isCompatible(String subject, String schema) {
    List<Integer> versions = subjects.getOrDefault(subject, List.of());
    return versions.isEmpty()
        || SchemaCompatibility.checkReaderWriterCompatibility(
                    parse(schema), parse(schemas.get(versions.get(versions.size() - 1) - 1)))
                .getType()
            == SchemaCompatibilityType.COMPATIBLE;
  }

  private static Schema parse(String text) {
    return new Schema.Parser().parse(text);
  }

  private boolean missing(HttpExchange exchange, String subject) throws IOException {
    boolean missing = !subjects.containsKey(subject);
    if (missing) {
      answer(exchange, 404, "{\"error_code\":40401,\"message\":\"Subject not found\"}");
    }
    return missing;
  }

  private ObjectNode version(String subject, int version, int id) {
    return json.createObjectNode()
        .put("subject", subject)
        .put("version", version)
        .put("id", id)
        .put("schema", schemas.get(id - 1));
  }
}
