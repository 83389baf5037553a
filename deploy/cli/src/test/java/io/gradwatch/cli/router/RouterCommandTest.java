package io.gradwatch.cli.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.gradwatch.cli.CommandRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterCommandTest {
  private static final String RULES =
      """
      targets:
      - {name: hook, type: webhook, url: 'http://127.0.0.1:%d/', secret-file: key,
         allow-private: true}
      - {name: slack, type: slack, url-file: slack-url, allow-private: true}
      answers: {DIVERGENCE: {check-again: {after: 10m}}}
      routes:
      - match: {severity: CRITICAL}
        to: hook
        escalation: [{after: 15m, to: slack}]
      """;

  @TempDir private Path folder;

  private Path file(int port) throws Exception {
    Files.writeString(folder.resolve("key"), "hush");
    Files.writeString(folder.resolve("slack-url"), "http://127.0.0.1:1/services/hush");
    return Files.writeString(folder.resolve("router.yaml"), RULES.formatted(port));
  }

  @Test
  void refusesAPortThatThereIsNot() {
    CommandRun run =
        CommandRun.of("router", "--bootstrap-server", "localhost:1", "--metrics-port", "70000");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--metrics-port must be 0 to 65535, not 70000");
  }

  @Test
  void checkSaysWhereTargetsAreAndWhoIsTold() throws Exception {
    CommandRun run =
        CommandRun.of(
            "router",
            "check",
            file(1).toString(),
            "--alarm=severity=critical",
            "--alarm=project=vision");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("127.0.0.1:1  at 127.0.0.1")
        .contains("route 1: at once hook")
        .contains("2 targets, 1 route, stale after 6 h")
        .contains("after 15 min without acknowledgement slack")
        .contains("DIVERGENCE: check-again")
        .doesNotContain("hush");
    assertThat(CommandRun.of("router", "check", file(1).toString(), "--alarm=severity=INFO").out())
        .contains("nobody is told");
  }

  @Test
  void checkTellsWhatIsWrong() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "target: []\nstale-after: soon");
    CommandRun run = CommandRun.of("router", "check", file.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("bad.yaml:1: unknown: target; did you mean targets?")
        .contains("bad.yaml:2: stale-after");
    Path metadata =
        Files.writeString(
            folder.resolve("metadata.yaml"),
            "targets: [{name: am, type: alertmanager, url: 'http://169.254.169.254/',"
                + " allow-private: true}]");
    CommandRun refused = CommandRun.of("router", "check", metadata.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).contains("REFUSED");
  }

  @Test
  void testTellsATargetOfAnAlarmAndItsEnd() throws Exception {
    List<String> bodies = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            bodies.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
          }
        });
    server.start();
    try {
      String file = file(server.getAddress().getPort()).toString();
      CommandRun run = CommandRun.of("router", "test", "hook", "--config", file);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(bodies).hasSize(2);
      assertThat(bodies.get(0)).contains("io.gradwatch.alarm.opened");
      assertThat(bodies.get(1)).contains("io.gradwatch.alarm.resolved");
      CommandRun away = CommandRun.of("router", "test", "slack", "--config", file);
      assertThat(away.code()).isEqualTo(1);
      assertThat(away.err()).contains("was not told").doesNotContain("hush");
      assertThat(CommandRun.of("router", "test", "nobody", "--config", file).err())
          .contains("known are hook, slack");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aRouterNeedsAKafka() throws Exception {
    CommandRun run = CommandRun.of("router", "--config", file(1).toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--bootstrap-server");
  }
}
