package io.gradwatch.console.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.gradwatch.broker.testing.Await;

/** How tests look at pages. */
final class Looks {
  private Looks() {}

  /** Opens a page and returns when it shows what it read. */
  static void open(Page page, String address) {
    PlaywrightAssertions.setDefaultAssertionTimeout((double) Await.LIVENESS.toMillis());
    page.setDefaultTimeout((double) Await.LIVENESS.toMillis());
    page.navigate(address);
    assertThat(page.locator("main h1").first()).isVisible();
    assertThat(page.locator(".skeleton")).hasCount(0);
    assertThat(page.getByText("reading the rest")).hasCount(0);
    if (address.contains("/run/")) {
      assertThat(page.locator(".plot .u-over")).hasCount(2);
      assertThat(page.locator(".grid-chart canvas").first()).isVisible();
    }
    settle(page);
  }

  /** Waits for two frames, so that what was read is drawn. */
  static void settle(Page page) {
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }

  /** A button by its whole name. */
  static Locator button(Locator within, String name) {
    return within.getByRole(
        AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
  }

  /** The dialog that is open. */
  static Locator dialog(Page page) {
    return page.locator("dialog[open]");
  }

  /** How far the page is wider than its window, pixels. */
  static int overhang(Page page) {
    return ((Number) page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))
        .intValue();
  }

  /** Whether an element is in sight. */
  static boolean inSight(Page page, ElementHandle element) {
    return (boolean)
        page.evaluate(
            "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }",
            element);
  }
}
