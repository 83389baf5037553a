package io.gradwatch.console.routing.config;

import io.gradwatch.console.model.LabelMatcher;
import io.gradwatch.console.routing.config.KindAnswer.Action;
import io.gradwatch.records.AlarmKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads a router's file. Tells everything that is wrong with it at once. */
public final class RouterConfigReader {
  private static final Duration STALE_AFTER = Duration.ofHours(6);
  private static final int MOST_TARGETS = 64;

  private final TargetReader targetReader;

  private RouterConfigReader(TargetReader targetReader) {
    this.targetReader = targetReader;
  }

  /**
   * Reads a file. Paths in it are seen from its folder.
   *
   * @throws IOException when it cannot be read
   */
  public static RouterConfig read(Path file) throws IOException, InvalidRouterConfigException {
    Path folder = file.toAbsolutePath().getParent();
    return read(
        Files.readString(file, StandardCharsets.UTF_8),
        String.valueOf(file.getFileName()),
        folder == null ? file : folder,
        System.getenv());
  }

  /**
   * Reads a text.
   *
   * @param name for the messages
   * @param folder from which paths in it are seen
   * @param environment variables that it may name
   */
  public static RouterConfig read(
      String text, String name, Path folder, Map<String, String> environment)
      throws InvalidRouterConfigException {
    ConfigErrors errors = new ConfigErrors(name);
    MappingNode root = YamlTree.read(text, errors);
    if (root == null) {
      return RouterConfig.silent();
    }
    RouterConfig config =
        new RouterConfigReader(new TargetReader(new SecretReader(folder, environment)))
            .config(new YamlSection(root, errors));
    errors.throwIfAny();
    return config;
  }

  private RouterConfig config(YamlSection top) {
    RouterConfig.Links links =
        new RouterConfig.Links(
            top.parsed("console-url", "", RouterConfigReader::webPage).replaceAll("/+$", ""),
            top.parsed("runbook-url", "", RouterConfigReader::webPage));
    Duration staleAfter = top.parsed("stale-after", STALE_AFTER, Durations::parse);
    Set<String> named = new LinkedHashSet<>();
    Map<String, TargetConfig> targets = targets(top, named);
    List<Route> routes = routes(top, named);
    Map<AlarmKind, KindAnswer> answers = answers(top);
    boolean tags =
        top.flag(
            "tags",
            routes.stream().flatMap(route -> route.matchers().stream()).anyMatch(this::needsTags));
    String actionsTo = actionsTo(top, targets, named, routes);
    top.end();
    if (actionsTo != null) {
      // What is to be done is done to one run.
      targets.computeIfPresent(actionsTo, (name, target) -> target.ungrouped());
    }
    return new RouterConfig(links, staleAfter, tags, targets, routes, answers, actionsTo);
  }

  private boolean needsTags(LabelMatcher matcher) {
    String text = matcher.toString();
    return text.startsWith("tag:") || text.startsWith("owner");
  }

  /**
   * The targets.
   *
   * @param named takes their names, of those as well of which something is wrong: who names such a
   *     one makes no second error
   */
  private Map<String, TargetConfig> targets(YamlSection top, Set<String> named) {
    Map<String, TargetConfig> targets = new LinkedHashMap<>();
    for (YamlSection section : top.sections("targets")) {
      String name = section.peek("name");
      if (name != null) {
        named.add(name);
      }
      TargetConfig target = targetReader.read(section);
      if (target != null && targets.putIfAbsent(target.name(), target) != null) {
        section.refuse("name", "the target " + target.name() + " is there twice");
      }
    }
    if (targets.size() > MOST_TARGETS) {
      top.refuse("targets", "there are more than " + MOST_TARGETS + " targets");
    }
    return targets;
  }

  private List<Route> routes(YamlSection top, Set<String> targets) {
    RouteReader reader = new RouteReader(targets);
    List<Route> routes = new ArrayList<>();
    top.sections("routes").forEach(section -> routes.add(reader.read(section)));
    return routes;
  }

  private static Map<AlarmKind, KindAnswer> answers(YamlSection top) {
    Map<AlarmKind, KindAnswer> answers = new EnumMap<>(AlarmKind.class);
    YamlSection section = top.section("answers");
    if (section == null) {
      return answers;
    }
    for (String name : section.allNames()) {
      AlarmKind kind = kind(section, name);
      if (kind != null) {
        answers.put(kind, answer(section, name));
      }
    }
    return answers;
  }

  private static @Nullable AlarmKind kind(YamlSection section, String name) {
    List<String> known = Stream.of(AlarmKind.values()).map(AlarmKind::name).toList();
    String upper = name.toUpperCase(Locale.ROOT).replace('-', '_');
    if (known.contains(upper)) {
      return AlarmKind.valueOf(upper);
    }
    section.refuse(name, "unknown kind: " + name + NearestName.suggestion(upper, known));
    return null;
  }

  /** {@code KIND: page}, or {@code KIND: {check-again: {after: 10m}}}. */
  private static KindAnswer answer(YamlSection section, String name) {
    if (section.isSection(name)) {
      YamlSection inner = section.section(name);
      YamlSection again = inner == null ? null : inner.section("check-again");
      if (inner == null || again == null) {
        section.refuse(name, name + " must be page, ignore, act or check-again: {after: 10m}");
        return KindAnswer.PAGE;
      }
      Duration after = again.parsed("after", Duration.ofMinutes(10), Durations::parse);
      again.end();
      inner.end();
      return new KindAnswer(Action.CHECK_AGAIN, after);
    }
    return section.parsed(
        name,
        KindAnswer.PAGE,
        text ->
            switch (text) {
              case "page" -> KindAnswer.PAGE;
              case "ignore" -> new KindAnswer(Action.IGNORE, Duration.ZERO);
              case "act" -> new KindAnswer(Action.ACT, Duration.ZERO);
              case "check-again" -> new KindAnswer(Action.CHECK_AGAIN, Duration.ofMinutes(10));
              default ->
                  throw new IllegalArgumentException(
                      "is '" + text + "', must be page, ignore, check-again or act");
            });
  }

  private static @Nullable String actionsTo(
      YamlSection top, Map<String, TargetConfig> targets, Set<String> named, List<Route> routes) {
    boolean acting = top.flag("acting", false);
    String name = top.text("actions-to");
    if (name == null) {
      if (acting) {
        top.refuse("acting", "acting is on and actions-to is missing: the webhook that acts");
      }
      return null;
    }
    TargetConfig target = targets.get(name);
    boolean isUnknown = target == null && !named.contains(name);
    if (isUnknown || (target != null && target.type() != TargetType.WEBHOOK)) {
      top.refuse("actions-to", "actions-to is '" + name + "', must be a target of type webhook");
    } else if (routes.stream().anyMatch(route -> tells(route, name))) {
      top.refuse("actions-to", "a route tells " + name + " too: who acts gets nothing else");
    }
    return acting ? name : null;
  }

  private static boolean tells(Route route, String name) {
    return route.to().contains(name)
        || route.escalation().stream().anyMatch(step -> step.to().contains(name));
  }

  private static String webPage(String url) {
    if (!url.matches("https?://[^\\s<>\"]{1,500}")) {
      throw new IllegalArgumentException("is '" + url + "', must be a URL");
    }
    return url;
  }
}
