package io.gradwatch.cli.policy;

import static java.util.Objects.requireNonNull;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.PolicyPublisher;
import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.cli.kafka.PublishedPolicies.Version;
import io.gradwatch.cli.policy.PolicyText.Remarked;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.cli.terminal.Style;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.schemas.Topics;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch policy get}. */
@Command(
    name = "get",
    description = {
      "Prints the policies that hold, those of the next ten seconds included, as YAML that policy"
          + " publish takes back.",
      "With --effective: what a run, a project's runs or all runs are judged by, each setting with"
          + " the policy it comes from; what is not printed is the default."
    })
final class PolicyGetCommand implements Callable<Integer> {
  private static final Pattern LITERAL =
      Pattern.compile("true|false|-?[0-9]+(\\.[0-9]+)?(e-?[0-9]+)?");

  /** One policy. */
  static final class Choice {
    @Parameters(
        arity = "0..1",
        paramLabel = "KEY",
        description = "fleet, project/PROJECT or run/PROJECT/RUN. Default: every policy.")
    private @Nullable String key;

    @Option(names = "--project", paramLabel = "PROJECT", description = "The project's.")
    private @Nullable String project;

    @Option(names = "--run", paramLabel = "PROJECT/RUN", description = "The run's.")
    private @Nullable String run;

    private @Nullable String text() {
      return project != null ? "project/" + project : run != null ? "run/" + run : key;
    }
  }

  @ArgGroup private @Nullable Choice choice;

  @Option(
      names = "--effective",
      description = "With what is inherited: of all policies that hold, the nearer wins.")
  private boolean effective;

  @Option(names = "--json", description = "Prints JSON, an object a line.")
  private boolean json;

  @Mixin private KafkaAccess kafka = new KafkaAccess();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandLine commandLine = requireNonNull(spec).commandLine();
    String text = choice == null ? null : choice.text();
    String key = text == null ? null : PolicyKey.of(commandLine, text);
    if (effective && key == null) {
      throw new ParameterException(commandLine, "--effective needs a KEY, --project or --run");
    }
    kafka.requireTopic(Topics.POLICIES, PolicyListCommand.NO_TOPIC);
    try {
      PublishedPolicies published = PublishedPolicies.read(kafka.settings());
      long at = Instant.now().plus(PolicyPublisher.LEAD).toEpochMilli();
      List<Remarked> policies = choose(published, key, at);
      print(commandLine.getOut(), policies);
      commandLine.getOut().flush();
      if (policies.isEmpty()) {
        commandLine.getErr().println("no policy is in force: every run is judged by the defaults");
        commandLine.getErr().flush();
      }
      return CommandLine.ExitCode.OK;
    } catch (KafkaException e) {
      throw kafka.failure(e);
    }
  }

  private List<Remarked> choose(PublishedPolicies published, @Nullable String key, long at) {
    if (key == null) {
      List<Remarked> all = new ArrayList<>();
      for (String each : published.byKey().keySet()) {
        Version version = published.at(each, at);
        if (version != null && !version.removed()) {
          all.add(own(published, version));
        }
      }
      return all;
    }
    if (effective) {
      return List.of(merged(published, key, at));
    }
    Version version = published.at(key, at);
    if (version == null || version.removed()) {
      throw new CommandFailedException(
          "there is no policy "
              + Style.harmless(key)
              + " in force; gradwatch policy list prints those there are, and --effective what"
              + " holds without it");
    }
    return List.of(own(published, version));
  }

  private static Remarked own(PublishedPolicies published, Version version) {
    StringBuilder remark = new StringBuilder("from ");
    remark.append(Instant.ofEpochMilli(version.document().effectiveAt()));
    if (!version.author().isEmpty()) {
      remark.append(", by ").append(version.author());
    }
    if (!version.note().isEmpty()) {
      remark.append(": ").append(version.note());
    }
    Version newest = published.newest(version.document().key());
    if (newest != null && !newest.equals(version)) {
      remark
          .append("; ")
          .append(newest.removed() ? "to be removed at " : "to be replaced at ")
          .append(Instant.ofEpochMilli(newest.document().effectiveAt()));
    }
    return new Remarked(version.document(), remark.toString(), Map.of());
  }

  /** What all policies above a key and its own come to, each setting with where it is from. */
  private static Remarked merged(PublishedPolicies published, String key, long at) {
    Settings merged = Settings.NONE;
    Map<String, String> sources = new TreeMap<>();
    for (String each : PolicyKey.chain(key)) {
      Version version = published.at(each, at);
      if (version != null) {
        Settings settings = version.document().settings();
        merged = settings.over(merged);
        SettingLines.of(settings).keySet().forEach(name -> sources.put(name, "from " + each));
      }
    }
    return new Remarked(
        PolicyDocument.ofKey(key, at, merged),
        "with all that is inherited: " + String.join(", ", PolicyKey.chain(key)),
        sources);
  }

  private void print(PrintWriter out, List<Remarked> policies) {
    if (!json) {
      out.print(PolicyText.of(policies));
      return;
    }
    for (Remarked policy : policies) {
      StringBuilder line = new StringBuilder("{\"key\":");
      JsonText.string(line, policy.document().key());
      if (!effective) {
        line.append(",\"effective_at\":").append(policy.document().effectiveAt());
      }
      JsonText.string(line.append(",\"remark\":"), policy.remark()).append(",\"settings\":");
      values(line, SettingLines.of(policy.document().settings()));
      if (effective) {
        strings(line.append(",\"sources\":"), policy.remarks());
      }
      out.println(line.append('}'));
    }
  }

  /** Numbers and switches as JSON's own, words as strings. */
  private static void values(StringBuilder out, Map<String, String> members) {
    out.append('{');
    String comma = "";
    for (Map.Entry<String, String> member : members.entrySet()) {
      JsonText.string(out.append(comma), member.getKey()).append(':');
      if (LITERAL.matcher(member.getValue()).matches()) {
        out.append(member.getValue());
      } else {
        JsonText.string(out, member.getValue());
      }
      comma = ",";
    }
    out.append('}');
  }

  private static void strings(StringBuilder out, Map<String, String> members) {
    out.append('{');
    String comma = "";
    for (Map.Entry<String, String> member : members.entrySet()) {
      JsonText.string(out.append(comma), member.getKey()).append(':');
      JsonText.string(out, member.getValue());
      comma = ",";
    }
    out.append('}');
  }
}
