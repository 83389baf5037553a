package io.gradwatch.console.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.gradwatch.console.access.AccessOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes the pictures of README.md: every page, light and dark, and fleet and run on a phone. The
 * argument is the folder they go to.
 */
final class Screenshots {
  private static final int OTHERS = 400;

  private record Size(String name, int width, int height, boolean fullPage) {}

  private Screenshots() {}

  /** Takes them. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "deploy/console/docs");
    try (Site site = new Site(AccessOptions.loopback(), SampleFleet.PROJECTS);
        Chromium chromium = new Chromium()) {
      SampleFleet fleet = new SampleFleet(site, OTHERS);
      Size desk = new Size("", 1280, 860, true);
      for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
        take(chromium.browser(), scheme, desk, pages(site, fleet), folder);
      }
      Map<String, String> phone = pages(site, fleet);
      phone.keySet().retainAll(List.of("fleet", "run"));
      Size small = new Size("-phone", 390, 844, false);
      take(chromium.browser(), ColorScheme.LIGHT, small, phone, folder);
    }
  }

  private static Map<String, String> pages(Site site, SampleFleet fleet) {
    Map<String, String> pages = new LinkedHashMap<>();
    String both =
        "run="
            + SampleFleet.PROJECT
            + "/"
            + SampleFleet.GROWING
            + "&run="
            + SampleFleet.PROJECT
            + "/"
            + SampleFleet.STEADY;
    pages.put("fleet", site.address("/"));
    pages.put("run", fleet.runAddress(SampleFleet.GROWING));
    pages.put("compare", site.address("/compare?" + both));
    pages.put(
        "alarms", site.address("/alarms?project=" + SampleFleet.PROJECT + "&severity=CRITICAL"));
    pages.put("alarm", site.address("/alarms/" + fleet.alarm()));
    pages.put("silences", site.address("/silences"));
    return pages;
  }

  private static void take(
      Browser browser, ColorScheme scheme, Size size, Map<String, String> pages, Path folder) {
    Browser.NewContextOptions options =
        new Browser.NewContextOptions()
            .setViewportSize(size.width(), size.height())
            .setColorScheme(scheme)
            .setReducedMotion(ReducedMotion.REDUCE);
    try (BrowserContext context = browser.newContext(options)) {
      pages.forEach(
          (name, address) -> {
            Page page = context.newPage();
            Looks.open(page, address);
            boolean whole = size.fullPage() && !name.equals("fleet");
            String file = name + size.name() + "-" + scheme.name().toLowerCase(Locale.ROOT);
            page.screenshot(
                new Page.ScreenshotOptions()
                    .setFullPage(whole)
                    .setPath(folder.resolve(file + ".png")));
            page.close();
          });
    }
  }
}
