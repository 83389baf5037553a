package io.gradwatch.console.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A headless Chromium of this machine. Nothing is downloaded. */
final class Chromium implements AutoCloseable {
  private static final String PROPERTY = "gradwatch.chromium";
  private static final String VARIABLE = "GRADWATCH_CHROMIUM";
  private static final String USUAL = "/usr/bin/chromium";

  private final Playwright playwright;
  private final Browser browser;

  /**
   * Starts it.
   *
   * @throws IllegalStateException when there is none
   */
  Chromium() {
    Path executable = executable();
    if (!Files.isExecutable(executable)) {
      throw new IllegalStateException(
          "there is no " + executable + ": install chromium, or name it in " + VARIABLE);
    }
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable)
                    .setArgs(List.of("--no-sandbox")));
  }

  private static Path executable() {
    String named = System.getProperty(PROPERTY, System.getenv(VARIABLE));
    return Path.of(named == null || named.isEmpty() ? USUAL : named);
  }

  Browser browser() {
    return browser;
  }

  @Override
  public void close() {
    playwright.close();
  }
}
