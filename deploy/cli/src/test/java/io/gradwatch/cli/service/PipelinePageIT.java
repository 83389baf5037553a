package io.gradwatch.cli.service;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.producer.Overflow;
import io.gradwatch.producer.RunDescription;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.producer.StepReport;
import io.gradwatch.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A training, the job and the pages of one process: what somebody sees who leaves them open. */
@Timeout(900)
class PipelinePageIT {
  private static final String RUN = "llm-7b";
  private static final List<String> LAYERS = List.of("embed", "block.0", "block.1", "head");
  private static final long HEALTHY_STEPS = 300;
  private static final long GROWING_STEPS = 60;
  private static final double DOUBLING_STEPS = 8;
  private static final double NOISE = 0.05;
  private static final long SEED = 7;

  @TempDir private Path folder;

  @Test
  void aRunThatBeginsToGrowTurnsCriticalOnAnOpenPage() throws Exception {
    PlaywrightAssertions.setDefaultAssertionTimeout((double) KafkaCluster.PATIENCE.toMillis());
    try (LocalService service = LocalService.start(settings());
        StepPublisher publisher = publisher(service);
        Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = chromium(playwright)) {
      Page page = browser.newPage();
      page.setDefaultTimeout((double) KafkaCluster.PATIENCE.toMillis());
      page.navigate(service.consoleUrl().toString());
      assertThat(page.locator("main")).containsText("No run has reported yet");

      Random random = new Random(SEED);
      publisher.started(0, RunDescription.create().layers(LAYERS));
      for (long step = 0; step < HEALTHY_STEPS; step++) {
        publisher.step(report(step, 1, random));
      }
      Locator row = page.locator(".rows .row").filter(new Locator.FilterOptions().setHasText(RUN));
      assertThat(row).containsText(String.valueOf(HEALTHY_STEPS - 1));
      assertThat(row.locator(".chip")).not().hasText("critical");

      for (long step = HEALTHY_STEPS; step < HEALTHY_STEPS + GROWING_STEPS; step++) {
        double growth = Math.pow(2, (step - HEALTHY_STEPS) / DOUBLING_STEPS);
        publisher.step(report(step, growth, random));
      }
      assertThat(row.locator(".chip")).hasText("critical");
      assertThat(row).containsText(Pattern.compile("doubling every \\d"));

      row.getByRole(AriaRole.LINK).first().click();
      assertThat(page.locator("h1")).hasText(RUN);
      assertThat(page.locator("main")).containsText("What to do");
      assertThat(page.locator("main")).containsText("The gradient norm grows");
    }
  }

  /** A headless Chromium of this machine, as the console's own tests take it. */
  private static Browser chromium(Playwright playwright) {
    String named = System.getenv("GRADWATCH_CHROMIUM");
    return playwright
        .chromium()
        .launch(
            new BrowserType.LaunchOptions()
                .setExecutablePath(Path.of(named == null ? "/usr/bin/chromium" : named))
                .setArgs(List.of("--no-sandbox")));
  }

  private static StepReport report(long step, double growth, Random random) {
    double norm = growth * Math.exp(NOISE * random.nextGaussian());
    float share = (float) (norm / Math.sqrt(LAYERS.size()));
    return StepReport.of(step)
        .loss(2 + NOISE * random.nextGaussian())
        .gradNorm(norm)
        .layerGradNorms(new float[] {share, share, share, share});
  }

  private static StepPublisher publisher(LocalService service) {
    return StepPublisher.builder()
        .bootstrapServers(service.bootstrapServers())
        .runId(RUN)
        .overflow(Overflow.WAIT)
        .build();
  }

  private LocalService.Settings settings() {
    String patience = KafkaCluster.PATIENCE.toMillis() + " ms";
    return new LocalService.Settings(
        folder,
        0,
        Topics.DEFAULT_PROJECT,
        1,
        Duration.ofMillis(500),
        // Parts of a cluster that are slow to answer each other are no failure.
        Map.of("pekko.ask.timeout", patience, "heartbeat.timeout", patience));
  }
}
