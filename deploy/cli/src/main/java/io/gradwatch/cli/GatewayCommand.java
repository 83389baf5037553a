package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.gateway.Gateway;
import io.gradwatch.agent.gateway.GatewayLimits;
import io.gradwatch.agent.gateway.GatewayOptions;
import io.gradwatch.agent.gateway.Outlet;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch gateway}. */
@Command(
    name = "gateway",
    description = {
      "Takes events over HTTP, for trainers that cannot reach Kafka, until Ctrl-C:",
      "  curl -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json'"
          + " http://127.0.0.1:8080/v1/events -d '{\"run\":\"r\",\"step\":1,\"loss\":2.3}'",
      "GET /openapi.json describes it; /healthz, /readyz and /metrics (Prometheus) watch it."
    })
final class GatewayCommand implements Callable<Integer> {
  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Mixin private RegistryAccess registry = new RegistryAccess();

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = {
        "Who may write to which project: a line `PROJECT TOKEN` or `PROJECT sha256:HEX` for each,"
            + " read again when it changes; not to be readable by everybody.",
        "Without it every program on this machine may write to --project."
      })
  private @Nullable Path tokens;

  @Option(
      names = "--project",
      paramLabel = "NAME",
      defaultValue = Topics.DEFAULT_PROJECT,
      description = "The project where there are no tokens. Default: ${DEFAULT-VALUE}.")
  private String project = Topics.DEFAULT_PROJECT;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "0: any. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = {
        "Where it listens. One that other machines can reach needs --tokens and TLS."
            + " Default: ${DEFAULT-VALUE}."
      })
  private String bind = "";

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE.p12",
      description = "Key and certificate for TLS, as PKCS12.")
  private @Nullable Path keyStore;

  @Option(
      names = "--tls-keystore-password-file",
      paramLabel = "FILE",
      description = "Its password, in the first line; not to be readable by everybody.")
  private @Nullable Path keyStorePassword;

  @Option(
      names = "--allow-plaintext-http",
      description =
          "Other machines may speak to it without TLS: for a proxy in front of it that ends TLS.")
  private boolean plaintextHttpAllowed;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    Arguments.project(commandLine, project);
    if (port < 0 || port > 65_535) {
      throw new ParameterException(commandLine, "--port must be 0 to 65535, not " + port);
    }
    GatewayOptions options = options(commandLine);
    kafka.settings(); // refuses what every publisher would
    var unused = registry.open(kafka.allowsPlaintext()); // likewise
    CountDownLatch end = new CountDownLatch(1);
    try (Gateway gateway = Gateway.start(options, this::outlet)) {
      Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "gradwatch-shutdown"));
      PrintWriter out = commandLine.getOut();
      out.println("events  " + url(gateway.address()) + "/v1/events");
      out.println("kafka   " + kafka.bootstrapServer());
      out.println("Up until Ctrl-C.");
      out.flush();
      end.await();
      return ExitCode.OK;
    } catch (InterruptedException e) {
      return ExitCode.OK; // as by Ctrl-C
    } catch (IOException e) {
      throw new CommandFailedException("cannot start: " + e.getMessage(), e);
    }
  }

  private GatewayOptions options(CommandLine commandLine) {
    try {
      return new GatewayOptions(
          new InetSocketAddress(bind, port),
          tokens,
          project,
          keyStore,
          keyStorePassword,
          plaintextHttpAllowed,
          GatewayLimits.standard());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }

  /** The gateway closes it, when it has answered its last request. */
  private Outlet outlet(String itsProject) {
    return Outlet.of(kafka.publisher(itsProject, registry).closeAtShutdown(false).buildForAnyRun());
  }

  private String url(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return "%s://%s:%d"
        .formatted(
            keyStore == null ? "http" : "https",
            host.contains(":") ? "[" + host + "]" : host,
            address.getPort());
  }
}
