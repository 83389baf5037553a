package io.gradwatch.console.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.gradwatch.console.access.AccessOptions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Measures the page of a large fleet in the browser and prints lines of JSON: milliseconds until
 * the first rows and until all runs are there, for the first visitor of a console that has just
 * started and read them and for others, and the frames of ten seconds of live updates while the
 * page is scrolled. The argument is the number of runs, 2,000 unless told otherwise.
 */
final class FleetLoad {
  private static final int RUNS = 2_000;
  private static final int SECONDS = 10;
  private static final int VISITORS = 5;
  private static final String FRAMES =
      """
      seconds => new Promise(done => {
        const gaps = [];
        let last = performance.now();
        const end = last + seconds * 1000;
        const frame = now => {
          gaps.push(now - last);
          last = now;
          scrollBy(0, 23);
          if (now < end) { requestAnimationFrame(frame); } else { done(gaps); }
        };
        requestAnimationFrame(frame);
      })""";

  private FleetLoad() {}

  /** Measures. */
  public static void main(String[] arguments) throws IOException {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : RUNS;
    try (Site site = new Site(AccessOptions.loopback(), SampleFleet.PROJECTS);
        Chromium chromium = new Chromium()) {
      SampleFleet fleet = new SampleFleet(site, runs - 2);
      for (int visitor = 1; visitor <= VISITORS; visitor++) {
        try (BrowserContext context = context(chromium)) {
          tell("visitor " + visitor, runs, load(context.newPage(), site.address("/"), runs));
        }
      }
      try (JustStarted console = JustStarted.over(site.bootstrapServers());
          BrowserContext context = context(chromium)) {
        tell("console just started", runs, load(context.newPage(), console.address("/"), runs));
      }
      try (BrowserContext context = context(chromium)) {
        Page page = context.newPage();
        load(page, site.address("/"), runs);
        scroll(page, fleet, runs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nothing is kept in it from visits before: each asks for every file. */
  private static BrowserContext context(Chromium chromium) {
    return chromium
        .browser()
        .newContext(new Browser.NewContextOptions().setViewportSize(1280, 860));
  }

  /** Milliseconds until rows and until all runs are there. */
  private static double[] load(Page page, String address, int runs) {
    long begun = System.nanoTime();
    page.navigate(address);
    page.locator(".rows .row").first().waitFor();
    double first = millisSince(begun);
    page.getByText("%,d runs".formatted(runs)).waitFor();
    page.getByText("reading the rest")
        .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
    return new double[] {first, millisSince(begun)};
  }

  private static void tell(String who, int runs, double[] millis) {
    System.out.printf(
        Locale.ROOT,
        "{\"load\":\"%s\",\"runs\":%d,\"first_rows_ms\":%.0f,\"all_runs_ms\":%.0f}%n",
        who,
        runs,
        millis[0],
        millis[1]);
  }

  private static void scroll(Page page, SampleFleet fleet, int runs) throws InterruptedException {
    Thread trainer = new Thread(() -> fleet.everyRunGoesOn(SECONDS));
    trainer.start();
    @SuppressWarnings("unchecked") // a list of numbers, as the script says
    List<Number> gaps = (List<Number>) page.evaluate(FRAMES, SECONDS);
    double[] sorted = gaps.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "{\"runs\":%d,\"rows_in_document\":%d,\"frames\":%d,\"frame_ms_p50\":%.1f,\"frame_ms_p99\":%.1f,\"frame_ms_max\":%.1f}%n",
        runs,
        page.locator(".rows .row").count(),
        sorted.length,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.99)],
        sorted[sorted.length - 1]);
    trainer.join();
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }
}
