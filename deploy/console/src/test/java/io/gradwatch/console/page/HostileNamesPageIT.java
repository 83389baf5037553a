package io.gradwatch.console.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.gradwatch.console.access.AccessOptions;
import io.gradwatch.records.AlarmKind;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainers choose the names of runs and layers: whatever they hold, it is text on the page. */
final class HostileNamesPageIT {
  private static final String SCRIPT = "<img src=x onerror=\"window.owned=1;alert(1)\">";
  private static final String RUN = SCRIPT + "\u202egnp.exe" + "W".repeat(150) + "'&amp;";
  private static final List<String> LAYERS =
      List.of("<script>window.owned=1</script>", "\"><svg onload=alert(1)>\u0007", "l".repeat(200));
  private static final long ONSET = 200;
  private static final double RATE = 0.03;

  private static Site site;
  private static Chromium chromium;
  private static SampleRun run;

  @BeforeAll
  static void start() throws IOException {
    site = new Site(AccessOptions.loopback(), SampleFleet.PROJECTS);
    chromium = new Chromium();
    run = new SampleRun(site, SampleFleet.PROJECT, RUN, System.currentTimeMillis(), LAYERS);
    run.begin(1, 0).steps(300, 1, ONSET, RATE).growthAlarm(ONSET, RATE);
    run.spikeAlarm(250, false, SCRIPT + " in layer " + LAYERS.get(0)).advice();
    site.flush();
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
    site.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1280, 390})
  void showsThemAsTextAndKeepsTheLayout(int width) {
    List<String> dialogs = new ArrayList<>();
    try (BrowserContext context =
        chromium
            .browser()
            .newContext(new Browser.NewContextOptions().setViewportSize(width, 800))) {
      Page page = context.newPage();
      page.onDialog(
          dialog -> {
            dialogs.add(dialog.message());
            dialog.dismiss();
          });
      for (String address : addresses()) {
        Looks.open(page, site.address(address));
        assertThat(page.locator("main")).containsText("<img src=x onerror=");
        assertThat(page.locator("main img, main script, main svg[onload]")).hasCount(0);
        assertThat(page.evaluate("() => window.owned ?? null")).isNull();
        assertThat(Looks.overhang(page)).as(address).isLessThanOrEqualTo(0);
        assertThat(page.locator("main").textContent()).doesNotContain("\u202e", "\u0007");
      }
    }
    assertThat(dialogs).isEmpty();
  }

  /** Browsers, proxies and servers each read dots, slashes and percent signs in their own way. */
  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/../../b", "%2e%2e%2f", "a?b#c", "~x", "train/ü 1"})
  void opensRunsWhoseNamesAreNoPaths(String name) throws IOException {
    new SampleRun(site, SampleFleet.PROJECT, name, System.currentTimeMillis(), LAYERS)
        .begin(1, 0)
        .steps(20, 1, ONSET, RATE);
    site.flush();
    try (BrowserContext context = chromium.browser().newContext()) {
      Page page = context.newPage();
      Looks.open(page, site.address("/"));
      page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true))
          .click();
      assertThat(page.locator("h1")).hasText(name);
      assertThat(page.locator("main")).containsText("step 20");
    }
  }

  private static List<String> addresses() {
    String name = URLEncoder.encode(RUN, StandardCharsets.UTF_8).replace("+", "%20");
    return List.of(
        "/",
        "/run/" + SampleFleet.PROJECT + "/" + name,
        "/compare?run=" + SampleFleet.PROJECT + "/" + name,
        "/alarms",
        "/alarms/" + run.alarmId(AlarmKind.GRADIENT_SPIKE, 250));
  }
}
