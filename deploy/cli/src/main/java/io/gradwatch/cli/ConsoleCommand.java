package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.terminal.Browser;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.Version;
import io.gradwatch.console.Console;
import io.gradwatch.console.ConsoleOptions;
import io.gradwatch.console.access.Access;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.access.Tokens;
import io.gradwatch.console.access.TrustedProxy;
import io.gradwatch.console.feed.FeedOptions;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.server.About;
import io.gradwatch.schemas.AvroLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
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

/** {@code gradwatch console}. */
@Command(
    name = "console",
    description = {
      "The pages that show runs and alarms, and the interface behind them, until Ctrl-C.",
      "GET /api/v1/openapi.yaml describes it; /healthz, /readyz and /metrics (Prometheus) watch it."
    })
final class ConsoleCommand implements Callable<Integer> {
  private static final Duration DISCOVERY = Duration.ofSeconds(10);

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Mixin private RegistryAccess registry = new RegistryAccess();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + ConsoleOptions.USUAL_PORT,
      description = "0: any. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = {
        "Where it listens. One that other machines can reach needs --tokens or --proxy-secret-file,"
            + " and --allow-plaintext-http. Default: ${DEFAULT-VALUE}."
      })
  private String bind = "";

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = {
        "Who may come: a line `viewer NAME TOKEN` or `operator NAME TOKEN` for each; not to be"
            + " readable by everybody.",
        "Without it, and without a proxy, every program on this machine may look and change."
      })
  private @Nullable Path tokens;

  @Option(
      names = "--proxy-secret-file",
      paramLabel = "FILE",
      description =
          "A proxy in front signs people in (OpenID Connect) and sends the first line of this file as "
              + TrustedProxy.SECRET_HEADER
              + ".")
  private @Nullable Path proxySecret;

  @Option(
      names = "--proxy-user-header",
      paramLabel = "NAME",
      defaultValue = "X-Forwarded-User",
      description = "Header in which it says who it is. Default: ${DEFAULT-VALUE}.")
  private String userHeader = "";

  @Option(
      names = "--proxy-groups-header",
      paramLabel = "NAME",
      defaultValue = "X-Forwarded-Groups",
      description = "Header with the person's groups, commas between. Default: ${DEFAULT-VALUE}.")
  private String groupsHeader = "";

  @Option(
      names = "--operators",
      paramLabel = "GROUP",
      split = ",",
      description = "Groups whose people may acknowledge, silence and judge.")
  private Set<String> operators = Set.of();

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description = "Where people find it, when that is not where it listens.")
  private @Nullable URI publicUrl;

  @Option(
      names = "--runbook-url",
      paramLabel = "URL",
      defaultValue = "",
      description =
          "What to do about alarms: the page that they link to, in which {kind} stands for the kind"
              + " (exploding-gradient, loss-spike, ...).")
  private String runbookUrl = "";

  @Option(
      names = "--allow-plaintext-http",
      description =
          "Other machines may speak to it without TLS: for a proxy in front of it that ends TLS.")
  private boolean plaintextHttpAllowed;

  @Option(
      names = "--no-events",
      description =
          "Reads no events, for fleets that send more than one process can read: curves then have the"
              + " points of the statistics, one in 50 steps, and there are no heat maps.")
  private boolean withoutEvents;

  @Option(
      names = "--history",
      paramLabel = "HOURS",
      description = "How far back to read events and statistics. Default: as far as they are kept.")
  private @Nullable Long historyHours;

  @Option(names = "--open", description = "Opens the console in the browser.")
  private boolean open;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    AvroLimits.ensure();
    ConsoleOptions options = options(commandLine);
    kafka.requireBroker();
    CountDownLatch end = new CountDownLatch(1);
    try (Console console = Console.start(options)) {
      Runtime.getRuntime().addShutdownHook(new Thread(console::close, "gradwatch-shutdown"));
      PrintWriter out = commandLine.getOut();
      out.println("console  " + console.url());
      out.println("kafka    " + kafka.bootstrapServer());
      out.println("Up until Ctrl-C.");
      out.flush();
      if (open && !Browser.open(console.url())) {
        commandLine
            .getErr()
            .println("found no way to open a browser here: open the address yourself");
      }
      end.await();
      return ExitCode.OK;
    } catch (IOException e) {
      throw new CommandFailedException("cannot start: " + e.getMessage(), e);
    }
  }

  private ConsoleOptions options(CommandLine commandLine) {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(commandLine, "--port must be 0 to 65535, not " + port);
    }
    if (historyHours != null && historyHours < 1) {
      throw new ParameterException(
          commandLine, "--history must be at least 1, not " + historyHours);
    }
    requireTlsSomewhere(commandLine);
    return new ConsoleOptions(
        access(commandLine),
        port,
        port,
        new FeedOptions(
            kafka.settings(),
            !withoutEvents,
            historyHours == null ? null : Duration.ofHours(historyHours),
            DISCOVERY,
            registry.open(kafka.allowsPlaintext())),
        FleetLimits.standard(),
        InstantSource.system(),
        about(commandLine));
  }

  private About about(CommandLine commandLine) {
    try {
      return new About(Version.number(), runbookUrl);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, "--runbook-url: " + e.getMessage(), e);
    }
  }

  private void requireTlsSomewhere(CommandLine commandLine) {
    try {
      if (!plaintextHttpAllowed && !InetAddress.getByName(bind).isLoopbackAddress()) {
        throw new ParameterException(
            commandLine,
            "--bind "
                + bind
                + " can be reached by other machines, and this server speaks no TLS: put a proxy that"
                + " does in front of it and say --allow-plaintext-http");
      }
    } catch (UnknownHostException e) {
      throw new ParameterException(commandLine, "--bind is no address: " + bind, e);
    }
  }

  private AccessOptions access(CommandLine commandLine) {
    try {
      AccessOptions access =
          new AccessOptions(
              bind, tokens == null ? Tokens.NONE : Tokens.read(tokens), proxy(), publicUrl);
      Access.check(access);
      return access;
    } catch (IOException e) {
      throw new CommandFailedException("cannot read who may come: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable TrustedProxy proxy() throws IOException {
    if (proxySecret == null) {
      return null;
    }
    String secret =
        Files.readString(proxySecret, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    return new TrustedProxy(userHeader, groupsHeader, operators, secret.strip());
  }
}
