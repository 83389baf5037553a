package io.gradwatch.console.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.access.Access;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.api.RunRow;
import io.gradwatch.console.feed.Feed;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.feed.Journal;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.FleetLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The document says what the server does, neither less nor more. */
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

  private final Map<String, Object> document = read();

  @Test
  void hasEveryRouteAndNoOther() throws Exception {
    Set<String> told = new TreeSet<>();
    map(document, "paths")
        .forEach(
            (path, item) ->
                cast(item).keySet().stream()
                    .filter(METHODS::contains)
                    .forEach(method -> told.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    assertThat(told).isEqualTo(new TreeSet<>(routes()));
  }

  @Test
  void hasEveryFieldOfEveryRecordAndNoOther() throws Exception {
    Map<String, Object> schemas = map(document, "components", "schemas");
    List<Class<?>> records = records();
    assertThat(records).hasSizeGreaterThan(25);
    for (Class<?> type : records) {
      assertThat(schemas).containsKey(type.getSimpleName());
      assertThat(map(schemas, type.getSimpleName(), "properties").keySet())
          .as("properties of %s", type.getSimpleName())
          .containsExactlyElementsOf(
              Arrays.stream(type.getRecordComponents()).map(field -> field.getName()).toList());
    }
  }

  @Test
  void hasEveryConstantOfEveryEnum() throws Exception {
    for (Class<?> type : types().filter(Class::isEnum).toList()) {
      assertThat(map(document, "components", "schemas", type.getSimpleName()).get("enum"))
          .as("constants of %s", type.getSimpleName())
          .isEqualTo(Arrays.stream(type.getEnumConstants()).map(String::valueOf).toList());
    }
  }

  @Test
  void refersToNothingThatIsNotThere() {
    Set<String> references = new TreeSet<>();
    collect(document, references);
    assertThat(references).hasSizeGreaterThan(30);
    for (String reference : references) {
      assertThat(reference).startsWith("#/");
      Object at = document;
      for (String part : reference.substring(2).split("/", -1)) {
        at = cast(at).get(part);
        assertThat(at).as(reference).isNotNull();
      }
    }
  }

  @Test
  void everyOperationSaysHowItRefusesAndEveryChangeWhatItNeeds() {
    map(document, "paths")
        .forEach(
            (path, item) ->
                cast(item)
                    .forEach(
                        (method, operation) -> {
                          assertThat(map(cast(operation), "responses"))
                              .as("%s %s", method, path)
                              .containsKeys("400", "401", "403");
                          assertThat(cast(operation).containsKey("security"))
                              .as("security of %s %s", method, path)
                              .isEqualTo(!method.equals("get"));
                        }));
  }

  private static List<String> routes() {
    Map<String, Object> client = Map.of("bootstrap.servers", "127.0.0.1:1");
    Fleet fleet = new Fleet(FleetLimits.standard(), InstantSource.system());
    try (Feed feed =
            Feed.start(new FeedOptions(client, true, null, Duration.ofSeconds(10)), fleet);
        Journal journal = new Journal(client, fleet, feed);
        WebServer server =
            new WebServer(
                fleet,
                feed,
                journal,
                new Access(AccessOptions.loopback(), InstantSource.system()),
                InstantSource.system(),
                About.version("test"))) {
      return server.routes();
    }
  }

  private static Stream<Class<?>> types() throws IOException, URISyntaxException {
    URI folder = RunRow.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path path = Path.of(folder).resolve("io/gradwatch/console/api");
    assertThat(path).isDirectory();
    List<Class<?>> types;
    try (Stream<Path> files = Files.list(path)) {
      types =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".class") && !name.startsWith("package-info"))
              .map(name -> load("io.gradwatch.console.api." + name.substring(0, name.length() - 6)))
              .collect(Collectors.toList());
    }
    return types.stream();
  }

  private static List<Class<?>> records() throws IOException, URISyntaxException {
    return types().filter(Class::isRecord).toList();
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void collect(Object node, Set<String> references) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            if (key.equals("$ref")) {
              references.add((String) value);
            }
            collect(value, references);
          });
    } else if (node instanceof List<?> list) {
      list.forEach(element -> collect(element, references));
    }
  }

  private static Map<String, Object> map(Map<String, Object> root, String... path) {
    Map<String, Object> at = root;
    for (String part : path) {
      at = cast(at.get(part));
    }
    return at;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> cast(Object node) {
    return (Map<String, Object>) node;
  }

  private static Map<String, Object> read() {
    try (InputStream in =
        OpenApiTest.class.getResourceAsStream("/io/gradwatch/console/openapi.yaml")) {
      return cast(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
