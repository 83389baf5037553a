package io.gradwatch.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** POLICIES.md has tables that are made from the code. */
class PoliciesDocumentTest {
  private static final Path DOCUMENT = Path.of("POLICIES.md");
  private static final Path FRESH = Path.of("target", "POLICIES.md");

  @Test
  void theTablesAreThoseOfTheCode() throws IOException {
    String written = Files.readString(DOCUMENT);
    String fresh = replace(written, "settings", SettingsTable.markdown());
    fresh = replace(fresh, "rules", RulesTable.markdown());
    Files.writeString(FRESH, fresh);

    assertThat(written)
        .as("settings or rules changed: cp pipeline/core/%s pipeline/core/%s", FRESH, DOCUMENT)
        .isEqualTo(fresh);
  }

  private static String replace(String document, String name, String table) {
    String begin = "<!-- " + name + " -->\n";
    String end = "<!-- end of " + name + " -->\n";
    int from = document.indexOf(begin) + begin.length();
    int to = document.indexOf(end);
    assertThat(from).as(begin).isBetween(begin.length(), to);
    return document.substring(0, from) + table + document.substring(to);
  }
}
