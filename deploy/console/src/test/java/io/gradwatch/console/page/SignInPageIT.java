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
      signIn(page);
      assertThat(page.locator("article.alarm")).containsText("Exploding gradient");
      assertThat(page.locator(".note").first()).containsText("signed in as a viewer");
      assertThat(Looks.button(page.locator("article.alarm"), "Acknowledge")).isDisabled();
      assertThat(Looks.button(page.locator("article.alarm"), "Why?")).isEnabled();
      assertThat(page.locator(".who")).hasText("grace · viewer");
    }
  }

  @Test
  void keepsWhatOneTypesWhenARunsPageIsSignedOut() throws IOException {
    try (Site site =
            new Site(new AccessOptions("127.0.0.1", tokens(), null, null), SampleFleet.PROJECTS);
        Chromium chromium = new Chromium();
        BrowserContext context = chromium.browser().newContext()) {
      SampleFleet fleet = new SampleFleet(site, OTHERS);
      Page page = context.newPage();
      Looks.open(page, site.address("/help"));
      signIn(page);
      assertThat(page.locator("main h1")).hasText("Help");
      Looks.open(page, fleet.runAddress(SampleFleet.GROWING));
      assertThat(page.locator(".live")).hasAttribute("data-state", "live");
      context.clearCookies();
      fleet.goOn(1);
      assertThat(page.getByLabel("Token")).isFocused();
      assertThat(page.locator(".live")).hasAttribute("data-state", "idle");
      page.getByLabel("Token").fill("half of a tok");
      page.evaluate("() => document.dispatchEvent(new CustomEvent('gradwatch:signed-out'))");
      assertThat(page.getByLabel("Token")).hasValue("half of a tok");
      signIn(page);
      assertThat(page.locator("main h1")).hasText(SampleFleet.GROWING);
      assertThat(page.locator(".live")).hasAttribute("data-state", "live");
      page.setViewportSize(390, 844);
      // Plots follow the window with the next frames.
      page.waitForCondition(() -> Looks.overhang(page) <= 0);
      Looks.button(page.locator("header"), "Sign out").click();
      assertThat(page.getByLabel("Token")).isVisible();
      page.reload();
      assertThat(page.getByLabel("Token")).isVisible();
    }
  }

  private static void signIn(Page page) {
    page.getByLabel("Token").fill(VIEWER);
    Looks.button(page.locator("main"), "Sign in").click();
  }

  private Tokens tokens() throws IOException {
    Path file = folder.resolve("tokens");
    Files.write(file, List.of("viewer grace " + VIEWER));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return Tokens.read(file);
  }
}
