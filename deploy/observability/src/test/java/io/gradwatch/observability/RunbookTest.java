package io.gradwatch.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.AlarmKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunbookTest {
  private static final Path RUNBOOK = Path.of("RUNBOOK.md");
  private static final Path POLICIES = Path.of("../../pipeline/core/POLICIES.md");

  /** Sections by the anchors that they have on a page made of the file. */
  private static Map<String, String> sections;

  @BeforeAll
  static void read() throws IOException {
    sections = new LinkedHashMap<>();
    for (String section : Files.readString(RUNBOOK).split("\n(?=## )", -1)) {
      if (section.startsWith("## ")) {
        String heading = section.lines().findFirst().orElseThrow().substring("## ".length());
        String text = section.replaceFirst("(?s)\n# .*", "");
        assertThat(sections.put(anchor(heading), text)).as("twice: %s", heading).isNull();
      }
    }
  }

  /** As GitHub and GitLab make it. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
  }

  /** As links of alarms have it in place of {@code {kind}}. */
  private static String slug(AlarmKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Stream<Rules.Rule> alerts() {
    return Rules.alerts();
  }

  @Test
  void hasASectionForEachKindAndAlertAndNoOther() {
    Set<String> expected = new TreeSet<>();
    for (AlarmKind kind : AlarmKind.values()) {
      expected.add(slug(kind));
    }
    alerts().map(alert -> alert.name().toLowerCase(Locale.ROOT)).forEach(expected::add);
    assertThat(sections.keySet()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @EnumSource
  void saysOfEachKindWhatItMeansWhatToDoHowToSilenceAndHowItWasTuned(AlarmKind kind) {
    assertThat(sections.get(slug(kind)))
        .containsSubsequence(
            "**What it means.** ",
            "**What to do now.** ",
            "**To silence.** ",
            "gradwatch silence add ",
            "**How it was tuned.** ");
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void saysOfEachAlertWhatItMeansAndWhatToDo(Rules.Rule alert) {
    String url = alert.annotations().get("runbook_url");
    assertThat(sections.get(url.substring(url.indexOf('#') + 1)))
        .containsSubsequence("**What it means.** ", "**What to do now.** ");
  }

  @ParameterizedTest
  @EnumSource
  void namesEverySettingThatTunesAKindAndNoneThatIsNone(AlarmKind kind) throws IOException {
    Set<String> settings =
        Pattern.compile("`" + kind + "\\.(\\w+)`")
            .matcher(sections.get(slug(kind)))
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> known = settings(kind);
    assertThat(known).containsAll(settings);
    assertThat(settings.isEmpty()).as("it names a setting").isEqualTo(known.isEmpty());
  }

  /** Settings of a detector in the table that the code writes. */
  private static List<String> settings(AlarmKind kind) throws IOException {
    Matcher rows =
        Pattern.compile("\\| \\*\\*" + kind + "\\*\\* \\|.*\n((?:\\| `.*\n)*)")
            .matcher(Files.readString(POLICIES));
    return rows.find()
        ? Pattern.compile("^\\| `(\\w+)`", Pattern.MULTILINE)
            .matcher(rows.group(1))
            .results()
            .map(match -> match.group(1))
            .toList()
        : List.of();
  }

  @Test
  void linksToWhatIsThere() throws IOException {
    List<String> links =
        Pattern.compile("]\\(([^)]+)\\)")
            .matcher(Files.readString(RUNBOOK))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(links).isNotEmpty();
    for (String link : links) {
      String[] parts = link.split("#", 2);
      if (parts[0].isEmpty()) {
        assertThat(sections).containsKey(parts[1]);
      } else {
        assertThat(Path.of(parts[0])).exists();
      }
    }
  }

  @Test
  void isWhereTheExampleOfARouterPoints() throws IOException {
    assertThat(Files.readString(Path.of("../console/docs/router.yaml")))
        .containsPattern("(?m)^runbook-url: https://\\S+/RUNBOOK\\.md#\\{kind}");
  }
}
