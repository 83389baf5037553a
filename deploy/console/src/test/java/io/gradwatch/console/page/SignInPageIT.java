package io.gradwatch.console.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.console.access.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may look and who may change, as the page tells it. */
final class SignInPageIT {
  private static final String VIEWER = "viewer-token-of-a-test";
  private static final int OTHERS = 4;

  @TempDir private Path folder;

  @Test
  void asksForATokenAndKeepsAViewerFromChanges() throws IOException {
    try (Site site =
            new Site(new AccessOptions("127.0.0.1", tokens(), null, null), SampleFleet.PROJECTS);
        Chromium chromium = new Chromium();
        BrowserContext context = chromium.browser().newContext()) {
      SampleFleet fleet = new SampleFleet(site, OTHERS);
      Page page = context.newPage();
      Looks.open(page, site.address("/alarms/" + fleet.alarm()));
      page.getByLabel("Token").fill("not-a-token-at-all");
      Looks.button(page.locator("main"), "Sign in").click();
      assertThat(page.getByText("That token was not accepted.")).isVisible();
      page.getByLabel("Token").fill(VIEWER);
      Looks.button(page.locator("main"), "Sign in").click();
      assertThat(page.locator("article.alarm")).containsText("Exploding gradient");
      assertThat(page.locator(".note").first()).containsText("signed in as a viewer");
      assertThat(Looks.button(page.locator("article.alarm"), "Acknowledge")).isDisabled();
      assertThat(Looks.button(page.locator("article.alarm"), "Why?")).isEnabled();
      assertThat(page.locator(".who")).hasText("grace · viewer");
    }
  }

  private Tokens tokens() throws IOException {
    Path file = folder.resolve("tokens");
    Files.write(file, List.of("viewer grace " + VIEWER));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return Tokens.read(file);
  }
}
