package io.gradwatch.console.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.gradwatch.console.access.AccessOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What axe-core says of every page, light and dark: contrast, labels, roles, headings. */
final class AccessibilityPageIT {
  private static final int OTHERS = 30;

  private static Site site;
  private static Chromium chromium;
  private static SampleFleet fleet;

  @BeforeAll
  static void start() throws IOException {
    site = new Site(AccessOptions.loopback(), SampleFleet.PROJECTS);
    chromium = new Chromium();
    fleet = new SampleFleet(site, OTHERS);
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
    site.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void findsNothingOnAnyPage(ColorScheme scheme) {
    try (BrowserContext context = chromium.browser().newContext(options(scheme, 1280, 860))) {
      Page page = context.newPage();
      for (String path : paths()) {
        Looks.open(page, site.address(path));
        check(page, path);
      }
      Looks.open(page, site.address("/alarms/" + fleet.alarm()));
      for (String button : List.of("Acknowledge", "Silence…", "Was it right?")) {
        Looks.button(page.locator("article.alarm"), button).click();
        check(page, button);
        page.keyboard().press("Escape");
        assertThat(Looks.dialog(page)).hasCount(0);
      }
      page.keyboard().press("?");
      check(page, "help");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void fitsAPhone(ColorScheme scheme) {
    try (BrowserContext context = chromium.browser().newContext(options(scheme, 390, 844))) {
      Page page = context.newPage();
      for (String path : paths()) {
        Looks.open(page, site.address(path));
        check(page, path + " on a phone");
        assertThat(Looks.overhang(page)).as(path).isLessThanOrEqualTo(0);
      }
    }
  }

  private static Browser.NewContextOptions options(ColorScheme scheme, int width, int height) {
    // axe-core is put into the page as a script, which the page's own policy would refuse.
    return new Browser.NewContextOptions()
        .setColorScheme(scheme)
        .setReducedMotion(ReducedMotion.REDUCE)
        .setViewportSize(width, height)
        .setBypassCSP(true);
  }

  private static List<String> paths() {
    String growing = SampleFleet.PROJECT + "/" + SampleFleet.GROWING;
    String steady = SampleFleet.PROJECT + "/" + SampleFleet.STEADY;
    return List.of(
        "/",
        "/run/" + growing,
        "/run/" + steady,
        "/compare",
        "/compare?run=" + growing + "&run=" + steady,
        "/alarms",
        "/alarms/" + fleet.alarm(),
        "/silences",
        "/help");
  }

  private static void check(Page page, String what) {
    List<String> violations =
        new AxeBuilder(page)
            .analyze().getViolations().stream()
                .map(rule -> rule.getId() + ": " + rule.getNodes())
                .toList();
    assertThat(violations).as(what).isEmpty();
  }
}
