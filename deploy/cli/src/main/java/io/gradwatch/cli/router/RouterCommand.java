package io.gradwatch.cli.router;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.Counted;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.console.routing.Router;
import io.gradwatch.console.routing.RouterOptions;
import io.gradwatch.console.routing.config.RouterConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch router}. */
@Command(
    name = "router",
    description = {
      "Tells people of alarms by a file's rules, until Ctrl-C: Alertmanager, Slack, PagerDuty,"
          + " webhooks.",
      "Routers of one group share the alarms: start two for when one is away.",
      "  gradwatch router --config router.yaml --bootstrap-server HOST:PORT [--dry-run]"
    },
    subcommands = {RouterCheckCommand.class, RouterTestCommand.class})
public final class RouterCommand implements Callable<Integer> {
  @ArgGroup(exclusive = false, multiplicity = "0..1")
  private @Nullable KafkaAccess kafka;

  @Mixin private RegistryAccess registry = new RegistryAccess();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Targets and routes (YAML). Without it nobody is told anything.")
  private @Nullable Path config;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      defaultValue = RouterOptions.DEFAULT_GROUP,
      description = "Consumer group of the routers. Default: ${DEFAULT-VALUE}.")
  private String group = RouterOptions.DEFAULT_GROUP;

  @Option(
      names = "--dry-run",
      description =
          "Prints a line of JSON for each message that would be sent, sends and keeps nothing.")
  private boolean dryRun;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Serves /metrics (Prometheus) and /healthz. 0: any.")
  private @Nullable Integer metricsPort;

  @Option(
      names = "--metrics-bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address on which it serves them. Default: ${DEFAULT-VALUE}.")
  private InetAddress metricsBind = InetAddress.getLoopbackAddress();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    KafkaAccess access = kafka;
    if (access == null) {
      throw new ParameterException(
          commandLine, "Missing required option: '--bootstrap-server=HOST:PORT'");
    }
    if (metricsPort != null && (metricsPort < 0 || metricsPort > 65_535)) {
      throw new ParameterException(
          commandLine, "--metrics-port must be 0 to 65535, not " + metricsPort);
    }
    RouterConfig rules = config == null ? RouterConfig.silent() : RouterFile.read(config);
    PrintWriter out = commandLine.getOut();
    PrintWriter err = commandLine.getErr();
    if (rules.targets().isEmpty()) {
      err.println("gradwatch: no targets are configured (--config FILE): nobody is told anything");
      err.flush();
    }
    RouterOptions options =
        RouterOptions.standard()
            .withGroup(group)
            .withRegistry(registry.open(access.allowsPlaintext()));
    if (dryRun) {
      options = options.withDryRun(printer(out), count -> tellPassedOver(err, count));
    }
    access.requireBroker();
    serve(access, rules, options, err);
    return 0;
  }

  private void serve(
      KafkaAccess access, RouterConfig rules, RouterOptions options, PrintWriter err) {
    try (Router router = Router.start(rules, access.settings(), options);
        MetricsServer metrics =
            metricsPort == null
                ? null
                : MetricsServer.start(
                    new InetSocketAddress(metricsBind, metricsPort), router::metrics)) {
      Thread hook = new Thread(router::close, "gradwatch-shutdown");
      Runtime.getRuntime().addShutdownHook(hook);
      if (metrics != null) {
        err.println("metrics " + metrics.url());
      }
      err.println("kafka   " + access.bootstrapServer());
      err.println("Up until Ctrl-C.");
      err.flush();
      router.await();
    } catch (InterruptedException e) {
      return; // as by Ctrl-C
    } catch (IOException e) {
      throw new CommandFailedException("cannot start: " + e.getMessage(), e);
    } catch (IllegalStateException | KafkaException e) {
      throw access.failure(e);
    }
  }

  private static void tellPassedOver(PrintWriter err, long alarms) {
    err.println(
        "%s that a route takes now %s over before this dry run could tell anybody: nobody is"
            .formatted(Counted.of(alarms, "alarm"), alarms == 1 ? "was" : "were"));
    err.flush();
  }

  private static Consumer<String> printer(PrintWriter out) {
    return line -> {
      synchronized (out) {
        out.println(line);
        out.flush();
      }
    };
  }
}
