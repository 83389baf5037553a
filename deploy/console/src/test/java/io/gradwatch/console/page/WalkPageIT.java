package io.gradwatch.console.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.gradwatch.console.access.AccessOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks through the pages as somebody on call does. */
final class WalkPageIT {
  private static final int OTHERS = 300;

  private static Site site;
  private static Chromium chromium;
  private static SampleFleet fleet;

  private final List<String> complaints = new ArrayList<>();
  private BrowserContext context;
  private Page page;

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

  @BeforeEach
  void open() {
    context = chromium.browser().newContext();
    page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
  }

  @AfterEach
  void close() {
    context.close();
    assertThat(complaints).isEmpty();
  }

  @Test
  void showsWhatNeedsSomebodyFirst() {
    Looks.open(page, site.address("/"));
    assertThat(page.locator(".page-head")).containsText((OTHERS + 2) + " runs");
    Locator first = page.locator(".rows .row[aria-rowindex='2']");
    assertThat(first).containsText(SampleFleet.GROWING);
    assertThat(first.locator(".chip")).hasText("critical");
    assertThat(first.locator(".c-alarm")).containsText("Gradient norm doubles");
  }

  @Test
  void keepsOnlyTheRowsInSightInTheDocument() {
    Looks.open(page, site.address("/"));
    assertThat(page.locator(".page-head")).containsText((OTHERS + 2) + " runs");
    assertThat(page.locator(".rows .row").count()).isLessThan(40);
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)");
    assertThat(page.locator(".rows .row[aria-rowindex='" + (OTHERS + 3) + "']")).isVisible();
    assertThat(page.locator(".rows .row").count()).isLessThan(60);
  }

  @Test
  void saysThatAPageCannotBeReadAndTriesAgain() {
    page.route("**/static/js/silences.js", Route::abort);
    Looks.open(page, site.address("/"));
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Silences")).first().click();
    assertThat(page.getByText("The console cannot be reached")).isVisible();
    page.unroute("**/static/js/silences.js");
    Looks.button(page.locator("main"), "Try again").click();
    assertThat(page.locator("main h1")).hasText("Silences");
    assertThat(complaints).allMatch(text -> text.contains("ERR_FAILED"));
    complaints.clear(); // the browser's own, of what the test refused it
  }

  @Test
  void findsRunsByStateProjectAndText() {
    Looks.open(page, site.address("/"));
    page.getByLabel("Search").fill("seed3");
    assertThat(page.locator(".page-head")).containsText("2 of 302 runs");
    Looks.button(page.locator(".state-filter"), "critical 1").click();
    assertThat(page.locator(".page-head")).containsText("1 of 302 runs");
    assertThat(page).hasURL(Pattern.compile(".*state=CRITICAL.*q=seed3.*"));
    page.getByLabel("Project").selectOption("vision");
    assertThat(page.getByText("No run matches")).isVisible();
    Looks.button(page.locator("main"), "Show every run").click();
    assertThat(page.locator(".page-head")).containsText("302 runs");
  }

  @Test
  void sortsByAColumnAndBackAgain() {
    Looks.open(page, site.address("/"));
    Locator heading =
        page.getByRole(AriaRole.COLUMNHEADER, new Page.GetByRoleOptions().setName("Growth"));
    heading.getByRole(AriaRole.BUTTON).click();
    assertThat(heading).hasAttribute("aria-sort", "descending");
    assertThat(page.locator(".rows .row[aria-rowindex='2']")).containsText(SampleFleet.GROWING);
    heading.getByRole(AriaRole.BUTTON).click();
    assertThat(heading).hasAttribute("aria-sort", "ascending");
    assertThat(page.locator(".rows .row[aria-rowindex='2']"))
        .not()
        .containsText(SampleFleet.GROWING);
  }

  @Test
  void obeysTheKeyboard() {
    Looks.open(page, site.address("/"));
    page.keyboard().press("/");
    assertThat(page.getByLabel("Search")).isFocused();
    page.keyboard().press("Escape");
    page.keyboard().press("j");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("k");
    assertThat(page.locator(".row[data-current=true] .run-link")).isFocused();
    assertThat(page.locator(".row[data-current=true]")).containsText(SampleFleet.GROWING);
    page.keyboard().press("c");
    assertThat(page.locator(".tray")).containsText("1 run marked");
    page.keyboard().press("?");
    assertThat(Looks.dialog(page)).containsText("next run");
    page.keyboard().press("Escape");
    page.keyboard().press("Enter");
    assertThat(page.locator("main h1")).hasText(SampleFleet.GROWING);
    page.keyboard().press("g");
    page.keyboard().press("a");
    assertThat(page.locator("main h1")).hasText("Alarms");
  }

  @ParameterizedTest
  @ValueSource(ints = {760, 1000, 1280, 1920})
  void aHeadingStandsAboveItsColumn(int width) {
    page.setViewportSize(width, 860);
    Looks.open(page, site.address("/"));
    assertThat(
            page.evaluate(
                """
                () => [...document.querySelectorAll(".row.head .cell")]
                  .filter((heading) => {
                    const column = [...heading.classList].find((name) => name.startsWith("c-"));
                    const below = document.querySelector(`.rows .${column}`);
                    return below.checkVisibility() !== heading.checkVisibility()
                      || below.getBoundingClientRect().x !== heading.getBoundingClientRect().x;
                  })
                  .map((heading) => heading.className)"""))
        .isEqualTo(List.of());
  }

  @Test
  void tellsOfNewStepsWithoutAReload() {
    Looks.open(page, site.address("/"));
    Locator step = page.locator(".rows .row[aria-rowindex='2'] .step-line");
    String before = step.textContent();
    fleet.goOn(1);
    assertThat(step).not().hasText(before);
    step.locator("xpath=../..").locator(".run-link").click();
    Locator line = page.locator(".run-line");
    assertThat(line).containsText("of 20,000");
    fleet.goOn(1);
    assertThat(line).containsText("%,d".formatted(fleet.growing().step()));
  }

  @Test
  void asksOnceAndAheadForWhatNeedsSomebodyFirst() {
    List<String> asked = new ArrayList<>();
    page.onRequest(
        request -> {
          if (request.url().contains("/api/v1/fleet?")) {
            asked.add(request.url());
          }
        });
    Response answer = page.navigate(site.address("/?project=nlp"));
    String link = answer.headerValue("link");
    assertThat(link).endsWith(">; rel=preload; as=fetch; crossorigin");
    assertThat(page.locator(".page-head h1")).hasText("Fleet");
    page.waitForCondition(() -> asked.stream().anyMatch(url -> url.contains("sort=run")));
    // Once: what the page asks is, word for word, what the browser was told to ask.
    String ahead = site.address(link.substring(1, link.indexOf('>')));
    assertThat(asked.stream().filter(url -> url.contains("sort=need"))).containsExactly(ahead);
    assertThat(page.navigate(site.address("/alarms")).headerValue("link")).isNull();
  }

  @Test
  void whatIsReadLateDoesNotReplaceWhatTheStreamToldMeanwhile() {
    List<Route> late = new ArrayList<>();
    List<APIResponse> answers = new ArrayList<>();
    page.route(
        "**/api/v1/fleet?*sort=run*",
        route -> {
          answers.add(route.fetch());
          late.add(route);
        });
    page.navigate(site.address("/"));
    Locator step = page.locator(".rows .row[aria-rowindex='2'] .step-line");
    assertThat(page.locator(".page-head")).containsText("reading the rest");
    page.waitForCondition(() -> !answers.isEmpty());
    fleet.goOn(1);
    assertThat(step).containsText("%,d".formatted(fleet.growing().step()));
    late.get(0).fulfill(new Route.FulfillOptions().setResponse(answers.get(0)));
    assertThat(page.locator(".page-head")).not().containsText("reading the rest");
    assertThat(page.locator(".page-head")).containsText((OTHERS + 2) + " runs");
    assertThat(step).containsText("%,d".formatted(fleet.growing().step()));
  }

  @Test
  void aRunOfAPageThatWasReadKeepsWhatTheStreamToldBeforeTheNext() {
    page.navigate(site.address("/help"));
    assertThat(
            page.evaluate(
                """
                async () => {
                  const { FleetModel } = await import("/static/js/fleet-model.js");
                  const row = (run, state) => ({ project: "p", run, state, need: 0 });
                  const pages = [
                    { generation: 10, runs: [row("a", "HEALTHY"), row("b", "HEALTHY")] },
                    { generation: 20, runs: [row("c", "HEALTHY")] },
                  ].map((part) => ({ ...part, total: 3, projects: ["p"] }));
                  const fetched = window.fetch;
                  window.fetch = async () => new Response(JSON.stringify(pages.shift()));
                  const model = new FleetModel();
                  await model.load(undefined, () => {
                    if (pages.length === 1) {
                      model.patch({ generation: 15, rows: [row("a", "CRITICAL")] });
                      model.patch({ generation: 16, removed: ["p/b"] });
                    }
                  });
                  window.fetch = fetched;
                  return [...model.rows.values()].map(({ run, state }) => `${run} ${state}`);
                }"""))
        .isEqualTo(List.of("a CRITICAL", "c HEALTHY"));
  }

  @Test
  void saysThatWhatIsShownIsOldWhileTheConsoleCannotRead() {
    Looks.open(page, site.address("/alarms"));
    page.route(
        "**/api/v1/stream?*",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("text/event-stream")
                    .setBody("event: feed\ndata: {\"failure\":\"the broker is away\"}\n\n")));
    page.locator("nav a[href='/']").click();
    assertThat(page.locator(".banner.stale")).containsText("cannot read what is new");
    page.unroute("**/api/v1/stream?*");
    assertThat(page.locator(".live")).hasText("live");
    assertThat(page.locator(".banner")).hasCount(0);
  }

  @Test
  void followsTheSystemsThemeUntilOneIsChosen() {
    Looks.open(page, site.address("/"));
    Locator root = page.locator("html");
    for (ColorScheme scheme : new ColorScheme[] {ColorScheme.DARK, ColorScheme.LIGHT}) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      assertThat(root).hasAttribute("data-theme", scheme.name().toLowerCase(Locale.ROOT));
      assertThat(root).hasCSS("color-scheme", scheme.name().toLowerCase(Locale.ROOT));
    }
    Locator button = page.getByLabel(Pattern.compile("Theme: .*"));
    button.click();
    button.click();
    assertThat(root).hasCSS("color-scheme", "dark");
    Looks.open(page, site.address("/alarms"));
    assertThat(root).hasCSS("color-scheme", "dark");
    button.click();
    assertThat(root).hasCSS("color-scheme", "light");
  }

  @Test
  void showsWhenARunOverflowsAndWhatToDo() {
    Looks.open(page, fleet.runAddress(SampleFleet.GROWING));
    Locator overflow = page.locator(".overflow");
    assertThat(overflow).containsText("The gradient is on its way to overflow");
    assertThat(overflow.locator(".clock")).hasText(Pattern.compile("\\d\\d:\\d\\d"));
    assertThat(overflow).containsText("Lower the clip threshold to 1.12");
    assertThat(page.locator(".marks-legend")).containsText("onset");
    assertThat(page.locator(".marks-legend")).containsText("rewound to here");
    assertThat(page.locator(".legend").first()).containsText("loss, attempt 2");
    assertThat(page.locator(".started li").first()).containsText("model.layers.15.mlp");
    assertThat(page.locator(".grid-chart canvas")).hasCount(2);
    Looks.button(page.locator("main"), "Around the alarm").click();
    assertThat(page.locator(".plot .u-over")).hasCount(2);
  }

  @Test
  void comparesTheMarkedRuns() {
    Looks.open(page, site.address("/"));
    page.getByLabel("Search").fill("seed3");
    page.getByLabel("Mark " + SampleFleet.GROWING + " to compare").check();
    page.getByLabel("Mark " + SampleFleet.STEADY + " to compare").check();
    page.locator(".tray a").click();
    assertThat(page.locator(".run-chip")).hasCount(2);
    assertThat(page.locator(".plot .u-over")).hasCount(2);
    assertThat(page.locator(".compare-alarms")).containsText("Exploding gradient");
    page.getByLabel("Add a run").fill("whisper");
    page.locator(".found a").first().click();
    assertThat(page.locator(".run-chip")).hasCount(3);
    Locator reports = page.locator(".page-head .button-row a");
    assertThat(reports).hasText(new String[] {"HTML", "SVG", "PNG"});
    APIResponse report = context.request().get(site.address(reports.nth(1).getAttribute("href")));
    assertThat(report).isOK();
    assertThat(report.text()).contains(SampleFleet.GROWING).contains(SampleFleet.STEADY);
  }

  @Test
  void comparesTheOthersWhereOneRunIsUnknown() {
    String of = "run=" + SampleFleet.PROJECT + "/";
    Looks.open(page, site.address("/compare?" + of + "gone&" + of + SampleFleet.GROWING));
    Locator chips = page.locator(".run-chip");
    assertThat(chips).hasCount(2);
    assertThat(chips.first()).containsText("not known");
    assertThat(page.locator(".plot .u-over")).hasCount(2);
    assertThat(page.locator(".numbers thead th")).hasText(SampleFleet.GROWING);
    Looks.button(chips.first(), "Take gone away").click();
    assertThat(chips).hasCount(1);
    assertThat(page.locator(".plot .u-over")).hasCount(2);
    assertThat(complaints).isNotEmpty().allMatch(complaint -> complaint.contains("404"));
    complaints.clear();
  }

  @Test
  void showsMoreAlarmsThanAreReadAtOnce() {
    int count = 510;
    fleet.spikesThatAreOver(count);
    Looks.open(page, site.address("/alarms?status=RESOLVED&project=speech"));
    Locator cards = page.locator("article.alarm");
    for (int shown = 50; shown < count; shown += 50) {
      assertThat(cards).hasCount(shown);
      page.locator(".more button").click();
    }
    assertThat(cards).hasCount(count);
    assertThat(page.locator(".more button")).hasCount(0);
  }

  @Test
  void acknowledgesExplainsSilencesAndJudges() {
    Looks.open(page, site.address("/alarms?project=" + SampleFleet.PROJECT + "&severity=CRITICAL"));
    Locator card = page.locator("article.alarm");
    assertThat(card).hasCount(1);
    assertThat(card.locator("a", new Locator.LocatorOptions().setHasText("Runbook")))
        .hasAttribute("href", "https://runbook.example/#exploding-gradient");
    Looks.button(card, "Why?").click();
    assertThat(card.locator(".why")).containsText("steps in which the norm doubles");
    assertThat(card.locator(".why .history li")).hasCount(1);
    judge(card);
    acknowledge(card);
    page.locator(".tabs a").filter(new Locator.FilterOptions().setHasText("Acknowledged")).click();
    assertThat(page.locator("article.alarm")).containsText("the data is being looked at");
    silence(page.locator("article.alarm"));
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Silences")).first().click();
    Locator silence = page.locator("article.silence");
    assertThat(silence).containsText(SampleFleet.GROWING);
    assertThat(silence).containsText("planned work");
    Looks.button(silence, "End now").click();
    assertThat(silence.locator(".chip")).hasText("ended");
    page.navigate(site.address("/alarms/" + fleet.alarm()));
    Looks.button(page.locator("article.alarm"), "Withdraw acknowledgement").click();
    assertThat(Looks.button(page.locator("article.alarm"), "Acknowledge")).isVisible();
  }

  private void judge(Locator card) {
    Looks.button(card, "Was it right?").click();
    Locator dialog = Looks.dialog(page);
    dialog.getByLabel("Too late").check();
    dialog.getByLabel("It really began at step").fill("1950");
    dialog.getByLabel("Your name").fill("Ada");
    dialog.getByLabel("Note").fill("the loss told it first");
    Looks.button(dialog, "Save").click();
    assertThat(dialog).hasCount(0);
    assertThat(card).containsText("Judged too late by Ada: the loss told it first");
  }

  private void acknowledge(Locator card) {
    Looks.button(card, "Acknowledge").click();
    Locator dialog = Looks.dialog(page);
    assertThat(dialog.getByLabel("Your name")).hasValue("Ada");
    dialog.getByLabel("Note").fill("the data is being looked at");
    Looks.button(dialog, "Acknowledge").click();
    assertThat(dialog).hasCount(0);
  }

  private void silence(Locator card) {
    Looks.button(card, "Silence…").click();
    Locator dialog = Looks.dialog(page);
    assertThat(dialog.locator(".matcher")).hasCount(3);
    dialog.getByLabel("For").selectOption("1");
    dialog.getByLabel("Why").fill("planned work");
    Looks.button(dialog, "Silence").click();
    assertThat(dialog).hasCount(0);
  }
}
