package io.gradwatch.cli.policy;

import static java.util.Objects.requireNonNull;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.Bound;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.DetectorSwitch;
import io.gradwatch.core.policy.FalsePages;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Setting;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.core.policy.SettingsCatalog;
import io.gradwatch.wire.policy.InvalidPolicyException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch policy}. */
@Command(
    name = "policy",
    description = "Looks at policies, and publishes them: what the runs are judged by.",
    subcommands = {
      PolicyCommand.Check.class,
      PolicyValidateCommand.class,
      PolicyCommand.AllSettings.class,
      PolicyGetCommand.class,
      PolicySetCommand.class,
      PolicyDiffCommand.class,
      PolicyPublishCommand.class,
      PolicyListCommand.class,
      PolicyRemoveCommand.class
    })
public final class PolicyCommand implements Runnable {
  private static final String CLIP_RULE = "clip." + ClipRuleKind.SETTING;
  private static final String STANDARD_RULE = ClipRuleKind.ADAPTIVE.word();
  private static final String ROW = "  %-48s %-14s %s%n";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a command is missing: policy check, validate, settings, get, set, diff, publish, list or"
            + " remove");
  }

  /** {@code gradwatch policy check}. */
  @Command(
      name = "check",
      description = {
        "Prints what each scope of a policy file comes to, with what it inherits; what is not printed"
            + " is the default.",
        "Where the file is wrong, prints every error with its line instead; the exit code is 2."
      })
  static final class Check implements Callable<Integer> {
    private static final MathContext SHOWN = new MathContext(6);

    @Parameters(paramLabel = "FILE.yaml", description = "The policy file.")
    private Path file = Path.of("");

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InvalidPolicyException {
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      List<PolicyDocument> documents = PolicyFile.documents(file, 0);
      PolicyBook book = PolicyBook.of(documents);
      for (PolicyDocument document : documents) {
        String name = document.name();
        int slash = name.indexOf('/');
        long at = Long.MAX_VALUE; // when all of them hold
        print(
            out,
            document.scope().name() + " " + name,
            switch (document.scope()) {
              case FLEET -> book.settings("", "", at);
              case PROJECT -> book.settings(name, "", at);
              case RUN -> book.settings(name.substring(0, slash), name.substring(slash + 1), at);
            });
      }
      out.flush();
      return CommandLine.ExitCode.OK;
    }

    private static void print(PrintWriter out, String scope, Settings settings) {
      out.println(scope);
      Double interval = settings.falsePageIntervalSteps();
      if (interval != null) {
        row(out, FalsePages.NAME, Bound.number(interval), Bound.number(FalsePages.N_DEFAULT));
      }
      Map<AlarmKind, DetectorSwitch> defaults = SettingsCatalog.detectors();
      SettingsCatalog.switches(settings)
          .forEach(
              (kind, now) -> {
                DetectorSwitch standard = requireNonNull(defaults.get(kind));
                String path = "detectors." + kind;
                row(out, path + ".enabled", now.enabled(), standard.enabled());
                row(out, path + ".severity", now.highest(), standard.highest());
              });
      List<Double> values = SettingsCatalog.values(settings);
      numbers(out, values, false);
      ClipRuleKind rule = settings.clipRule();
      row(out, CLIP_RULE, rule == null ? STANDARD_RULE : rule.word(), STANDARD_RULE);
      numbers(out, values, true);
    }

    private static void numbers(PrintWriter out, List<Double> values, boolean ofClip) {
      for (int i = 0; i < values.size(); i++) {
        Setting setting = SettingsCatalog.all().get(i);
        if ((setting.kind() == null) == ofClip) {
          row(out, setting.path(), text(setting, values.get(i)), text(setting, setting.standard()));
        }
      }
    }

    private static void row(PrintWriter out, String path, Object now, Object standard) {
      if (!now.equals(standard)) {
        out.printf(ROW, path, now, "default " + standard);
      }
    }

    /** Short enough to read: thresholds that follow another have no end of digits. */
    private static String text(Setting setting, double value) {
      return setting.text(new BigDecimal(value).round(SHOWN).doubleValue());
    }
  }

  /** {@code gradwatch policy settings}. */
  @Command(
      name = "settings",
      description = {
        "Prints every setting of a policy, its default and its bound.",
        "Those marked * follow " + FalsePages.NAME + " where they are not set."
      })
  static final class AllSettings implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      CommandLine commandLine = requireNonNull(spec).commandLine();
      PrintWriter out = commandLine.getOut();
      out.printf(ROW, "SETTING", "DEFAULT", "MUST BE");
      for (List<String> row : rows()) {
        out.printf(ROW, row.toArray());
      }
      out.flush();
      return CommandLine.ExitCode.OK;
    }

    private static List<List<String>> rows() {
      List<List<String>> rows = new ArrayList<>();
      rows.add(
          List.of(
              FalsePages.NAME, Bound.number(FalsePages.N_DEFAULT), FalsePages.BOUND.toString()));
      SettingsCatalog.detectors()
          .forEach(
              (kind, standard) -> {
                String path = "detectors." + kind;
                rows.add(
                    List.of(
                        path + ".enabled", String.valueOf(standard.enabled()), "true or false"));
                rows.add(
                    List.of(
                        path + ".severity",
                        standard.highest().name(),
                        "INFO, WARNING or CRITICAL"));
                addNumbers(rows, kind);
              });
      rows.add(
          List.of(CLIP_RULE, STANDARD_RULE, "one of " + String.join(", ", ClipRuleKind.words())));
      addNumbers(rows, null);
      return rows;
    }

    private static void addNumbers(List<List<String>> rows, @Nullable AlarmKind kind) {
      for (Setting setting : SettingsCatalog.all()) {
        if (setting.kind() == kind) {
          rows.add(
              List.of(
                  setting.path(),
                  setting.text(setting.standard()) + (setting.followsFalsePages() ? " *" : ""),
                  setting.allowed()));
        }
      }
    }
  }
}
