package io.gradwatch.cli.terminal;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Opens a page in the person's browser, by the command that each system has for it. */
public final class Browser {
  /** By how the name of the system begins, in lower case. */
  private static final Map<String, List<String>> OPENERS =
      Map.of(
          "linux", List.of("xdg-open"),
          "mac", List.of("open"),
          "windows", List.of("rundll32", "url.dll,FileProtocolHandler"));

  private Browser() {}

  /** True when the command was found and started; whether a page appears is up to it. */
  public static boolean open(URI page) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    for (Map.Entry<String, List<String>> opener : OPENERS.entrySet()) {
      if (system.startsWith(opener.getKey())) {
        return start(opener.getValue(), page);
      }
    }
    return false;
  }

  private static boolean start(List<String> opener, URI page) {
    List<String> words = new ArrayList<>(opener);
    words.add(page.toString());
    try {
      new ProcessBuilder(words)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
