package io.gradwatch.core.policy;

import io.gradwatch.core.alarm.AlarmKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All settings as a table; what each is stands in the Javadoc of its record. */
final class SettingsTable {
  private static final Path SOURCES = Path.of("src/main/java/io/gradwatch/core/policy");

  private SettingsTable() {}

  static String markdown() throws IOException {
    List<String> sources;
    try (Stream<Path> files = Files.list(SOURCES)) {
      sources = files.sorted().map(SettingsTable::read).toList();
    }
    StringBuilder table = new StringBuilder("| setting | default | must be | what it is |\n");
    table.append("|---|---|---|---|\n");
    SettingsCatalog.detectors()
        .forEach(
            (kind, standard) -> {
              table.append("| **%s** | %s | | |\n".formatted(kind, standard.highest()));
              rows(table, kind, source(sources, "settings.detector(AlarmKind." + kind, kind));
            });
    table.append("| **clip** | | | |\n");
    table.append(
        "| `%s` | %s | one of %s | what the threshold follows |\n"
            .formatted(
                ClipRuleKind.SETTING,
                Policy.defaults().clip().rule().word(),
                String.join(", ", ClipRuleKind.words())));
    rows(
        table,
        null,
        source(sources, "settings.clip()", null)
            + source(sources, "ClipScopes of(SettingsReader.Section", null)
            + source(sources, "PublishedClip of(SettingsReader.Section", null));
    return table.toString();
  }

  private static void rows(StringBuilder table, @Nullable AlarmKind kind, String source) {
    for (Setting setting : SettingsCatalog.all()) {
      if (setting.kind() == kind) {
        table.append(
            "| `%s`%s | %s | %s | %s |\n"
                .formatted(
                    setting.name(),
                    setting.followsFalsePages() ? " *" : "",
                    setting.text(setting.standard()),
                    setting.allowed(),
                    meaning(source, setting.name())));
      }
    }
  }

  /** The record that asks for the settings of a detector: by the call, else by naming its kind. */
  private static String source(List<String> sources, String call, @Nullable AlarmKind kind) {
    return sources.stream()
        .filter(source -> source.replaceAll("\\s+", "").contains(call.replaceAll("\\s+", "")))
        .findFirst()
        .or(
            () ->
                sources.stream()
                    .filter(source -> source.contains("settings.detector(kind"))
                    .filter(source -> source.contains("AlarmKind." + kind))
                    .findFirst())
        .orElseThrow(() -> new AssertionError("no record asks for " + call));
  }

  private static String meaning(String source, String name) {
    Matcher words = Pattern.compile("_([a-z0-9])").matcher(name);
    String component = words.replaceAll(word -> word.group(1).toUpperCase(java.util.Locale.ROOT));
    Matcher param =
        Pattern.compile("@param " + component + "\\s+(.*?)\\s*(?:\\* @param|\\*/)", Pattern.DOTALL)
            .matcher(source);
    if (!param.find()) {
      throw new AssertionError("no @param " + component + " says what " + name + " is");
    }
    return param
        .group(1)
        .replaceAll("\\s*\\n\\s*\\*\\s*", " ")
        .replaceAll("\\{@\\w+ #?([^}]*)}", "`$1`")
        .replace("|", "\\|")
        .strip();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
