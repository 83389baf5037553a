package io.gradwatch.cli.router;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.Counted;
import io.gradwatch.console.model.Labels;
import io.gradwatch.console.routing.config.Durations;
import io.gradwatch.console.routing.config.Route;
import io.gradwatch.console.routing.config.RouterConfig;
import io.gradwatch.console.routing.config.TargetConfig;
import io.gradwatch.console.routing.delivery.RuleBook;
import io.gradwatch.console.routing.http.HostResolver;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.Severity;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch router check}. */
@Command(
    name = "check",
    description = {
      "Says what is wrong with a router's file, and where its targets are; sends nothing.",
      "With --alarm it says who would be told of such an alarm:",
      "  gradwatch router check router.yaml --alarm project=vision --alarm severity=CRITICAL"
    })
final class RouterCheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The file.")
  private @Nullable Path file;

  @Option(
      names = "--alarm",
      paramLabel = "LABEL=VALUE",
      description = "A label of the alarm: project, run, kind, severity, owner, tag:NAME.")
  private Map<String, String> alarm = Map.of();

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "When it opens, such as 2026-11-22T03:00:00Z. Default: now.")
  private @Nullable Instant at;

  @Option(names = "--offline", description = "Looks up no names.")
  private boolean offline;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    alarm.keySet().stream()
        .filter(label -> !Labels.isKnown(label))
        .forEach(
            label -> {
              throw new ParameterException(commandLine, "--alarm: there is no label " + label);
            });
    RouterConfig config = RouterFile.read(requireNonNull(file));
    PrintWriter out = commandLine.getOut();
    boolean allReached = true;
    for (TargetConfig target : config.targets().values()) {
      allReached &= tell(target, out);
    }
    out.println(
        "%s, %s, stale after %s%s"
            .formatted(
                Counted.of(config.targets().size(), "target"),
                Counted.of(config.routes().size(), "route"),
                Durations.words(config.staleAfter()),
                config.actionsTo() == null ? "" : ", acting through " + config.actionsTo()));
    if (!alarm.isEmpty()) {
      tellRoutes(config, out);
    }
    out.flush();
    return allReached ? 0 : 1;
  }

  private boolean tell(TargetConfig target, PrintWriter out) {
    String where =
        "%-20s %-12s %s".formatted(target.name(), target.type().word(), target.address());
    if (offline) {
      out.println(where);
      return true;
    }
    try {
      String addresses =
          Stream.of(target.address().resolve(HostResolver.SYSTEM))
              .map(InetAddress::getHostAddress)
              .collect(Collectors.joining(", "));
      out.println(where + "  at " + addresses);
      return true;
    } catch (UnknownHostException e) {
      out.println(where + "  REFUSED: " + e.getMessage());
      return false;
    }
  }

  private void tellRoutes(RouterConfig config, PrintWriter out) {
    Instant moment = at == null ? Instant.now() : at;
    List<Route> taken = new RuleBook(config).routes(labels(), moment);
    if (taken.isEmpty()) {
      out.println("no route takes this alarm: nobody is told");
    }
    for (Route route : taken) {
      out.println(
          "route %d: at once %s"
              .formatted(config.routes().indexOf(route) + 1, String.join(", ", route.to())));
      route
          .escalation()
          .forEach(
              step ->
                  out.println(
                      "  after %s without acknowledgement %s"
                          .formatted(Durations.words(step.after()), String.join(", ", step.to()))));
    }
    AlarmKind kind = kind(labels().kind());
    if (kind != null) {
      out.println(
          "%s: %s"
              .formatted(
                  kind,
                  config.answer(kind).action().name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }
  }

  private static @Nullable AlarmKind kind(String name) {
    return Stream.of(AlarmKind.values())
        .filter(kind -> kind.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private Labels labels() {
    Map<String, String> tags = new HashMap<>();
    alarm.forEach(
        (label, value) -> {
          if (label.startsWith(Labels.TAG)) {
            tags.put(label.substring(Labels.TAG.length()), value);
          }
        });
    return new Labels(
        alarm.getOrDefault("alarm", ""),
        alarm.getOrDefault("project", "default"),
        alarm.getOrDefault("run", "run"),
        canonical(alarm.getOrDefault("kind", AlarmKind.DIVERGENCE.name())),
        canonical(alarm.getOrDefault("severity", Severity.CRITICAL.name())),
        alarm.getOrDefault("owner", ""),
        tags);
  }

  private static String canonical(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
