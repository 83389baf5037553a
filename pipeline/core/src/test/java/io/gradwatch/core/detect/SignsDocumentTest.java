package io.gradwatch.core.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.core.alarm.ActionKind;
import io.gradwatch.core.alarm.AlarmKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of SIGNS.md says what the detectors do. */
class SignsDocumentTest {
  private static final Path SOURCES = Path.of("src/main/java/io/gradwatch/core/detect");
  private static final Pattern NAME = Pattern.compile("`([A-Z][A-Z_]+)`");

  /** Seen by a clock and over many runs. */
  private static final Set<AlarmKind> OUTSIDE =
      EnumSet.of(AlarmKind.SILENCE, AlarmKind.FLEET_INCIDENT);

  private record Row(String sign, String seenBy, String suggested) {
    Set<AlarmKind> kinds() {
      return names(seenBy).stream().map(AlarmKind::valueOf).collect(Collectors.toSet());
    }

    Set<ActionKind> actions() {
      return names(suggested).stream().map(ActionKind::valueOf).collect(Collectors.toSet());
    }
  }

  private static Set<String> names(String cell) {
    return NAME.matcher(cell).results().map(found -> found.group(1)).collect(Collectors.toSet());
  }

  private static List<Row> rows() throws IOException {
    String document = Files.readString(Path.of("SIGNS.md"));
    return document
        .substring(document.indexOf("<!-- signs -->"), document.indexOf("<!-- end of signs -->"))
        .lines()
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(line -> line.split("\\|", -1))
        .map(cells -> new Row(cells[1].strip(), cells[2], cells[3]))
        .toList();
  }

  @Test
  void everyKindOfTheCoreSeesASignAndEveryActionButOtherIsSuggested() throws IOException {
    Set<AlarmKind> kinds = EnumSet.copyOf(OUTSIDE);
    Set<ActionKind> actions = EnumSet.of(ActionKind.OTHER);
    for (Row row : rows()) {
      kinds.addAll(row.kinds());
      actions.addAll(row.actions());
    }
    assertThat(kinds).containsExactlyInAnyOrder(AlarmKind.values());
    assertThat(actions).containsExactlyInAnyOrder(ActionKind.values());
  }

  @Test
  void whatIsSuggestedIsWhatTheDetectorsOfTheRowCanSay() throws IOException {
    for (Row row : rows()) {
      Set<String> sayable = new TreeSet<>();
      for (AlarmKind kind : row.kinds()) {
        sayable.addAll(actionsOf(kind));
      }
      assertThat(sayable)
          .as(row.sign())
          .containsAll(row.actions().stream().map(ActionKind::name).toList());
    }
  }

  /** What a detector adds itself or through {@link Remedies}, by its source. */
  private static Set<String> actionsOf(AlarmKind kind) throws IOException {
    String source = detector(kind);
    Matcher parts = Pattern.compile("\\b(Weight\\w+|GradientTail)\\.describe\\(").matcher(source);
    for (String part : parts.results().map(found -> found.group(1)).distinct().toList()) {
      source += Files.readString(SOURCES.resolve(part + ".java"));
    }
    Set<String> actions = literals(source);
    remedies(source, actions);
    return actions;
  }

  private static String detector(AlarmKind kind) throws IOException {
    Pattern tells = Pattern.compile("(return|new SpikeDetector\\() ?AlarmKind\\." + kind + "\\b");
    try (var files = Files.list(SOURCES)) {
      for (Path file : files.sorted().toList()) {
        String source = Files.readString(file);
        if (tells.matcher(source).find()) {
          return source;
        }
      }
    }
    throw new AssertionError("no detector tells " + kind);
  }

  /** Adds the actions of the methods of Remedies that a text calls, and of those they call. */
  private static void remedies(String text, Set<String> actions) throws IOException {
    List<MatchResult> methods =
        Pattern.compile("\\n  Remedies (\\w+)\\((?s:.*?)\\n  }\\n")
            .matcher(Files.readString(SOURCES.resolve("Remedies.java")))
            .results()
            .toList();
    assertThat(methods).as("methods of Remedies").hasSizeGreaterThan(5);
    for (MatchResult method : methods) {
      String body = method.group().substring(method.group().indexOf('{'));
      boolean called = Pattern.compile("\\b" + method.group(1) + "\\(").matcher(text).find();
      if (called && actions.addAll(literals(body))) {
        remedies(body, actions);
      }
    }
  }

  private static Set<String> literals(String source) {
    return Pattern.compile("ActionKind\\.([A-Z_]+)")
        .matcher(source)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
