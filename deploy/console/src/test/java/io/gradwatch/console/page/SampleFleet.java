package io.gradwatch.console.page;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.RunOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A fleet worth looking at: one run that diverges, one like it that does not, and many more. */
final class SampleFleet {
  static final String PROJECT = "llm-pretrain";
  static final List<String> PROJECTS = List.of(PROJECT, "vision", "speech");
  static final String GROWING = "llama-1b-lr6e-4-seed3";
  static final String STEADY = "llama-1b-lr3e-4-seed3";
  static final long ONSET = 1_960;

  private static final double RATE = 0.031;
  private static final List<String> MODELS =
      List.of("gpt-neo-350m", "vit-b16-mixup", "resnet50-sgd", "whisper-small", "wav2vec2-base");
  private static final int OTHER_STEPS = 12;

  private final Site site;
  private final SampleRun growing;
  private final List<SampleRun> others = new ArrayList<>();

  /** Writes the two runs and so many others. */
  SampleFleet(Site site, int others) {
    this.site = site;
    long now = System.currentTimeMillis();
    growing = run(PROJECT, GROWING, now - 2_075 * 600L, SampleRun.layers(32)).begin(1, 0);
    growing.steps(1_500, 1, 1_350, 0.02);
    growing.spikeAlarm(700, true, "Gradient norm 14 times its usual level at step 700.");
    growing.begin(2, 1_300);
    for (int i = 0; i < 12; i++) {
      growing.steps(50, 1, ONSET, RATE).checkpoint();
    }
    growing.steps(175, 1, ONSET, RATE).statistics(97.4, RATE).advice().growthAlarm(ONSET, RATE);
    run(PROJECT, STEADY, now - 2_400 * 600L, SampleRun.layers(32))
        .begin(1, 0)
        .steps(2_400, 1, Long.MAX_VALUE, 0)
        .statistics(0.47, -1e-5)
        .advice();
    site.flush();
    for (int i = 0; i < others; i++) {
      other(i, now);
    }
    site.flush();
  }

  private SampleRun run(String project, String run, long startedAt, List<String> layers) {
    return new SampleRun(site, project, run, startedAt, layers);
  }

  private void other(int i, long now) {
    String name = MODELS.get(i % MODELS.size()) + "-" + (1_000 + i);
    int stride = 100 + i * 37 % 900;
    String project = PROJECTS.get(i % PROJECTS.size());
    SampleRun run =
        run(project, name, now - (i % 50) * 20_000L - 600L * OTHER_STEPS * stride, List.of())
            .begin(1, 0)
            .steps(OTHER_STEPS, stride, Long.MAX_VALUE, 0)
            .statistics(0.5, 1e-5 * (i % 7 - 3));
    others.add(run);
    if (i % 11 == 3) {
      run.spikeAlarm(
          run.step() - 90, false, "Gradient norm 14 times its usual level, twice in 90 steps.");
    }
    if (i % 6 == 2) {
      run.end(RunOutcome.COMPLETED);
    }
  }

  /** The run that diverges. */
  SampleRun growing() {
    return growing;
  }

  /** Id of the alarm of the run that diverges. */
  String alarm() {
    return growing.alarmId(AlarmKind.EXPLODING_GRADIENT, ONSET);
  }

  /** Takes more steps of the run that diverges, and returns when the console has read them. */
  void goOn(int steps) {
    growing.steps(steps, 1, ONSET, RATE);
    site.flush();
  }

  /** Spikes of one run that are over, all in the project "speech". */
  void spikesThatAreOver(int count) {
    SampleRun run = others.get(PROJECTS.indexOf("speech"));
    for (int i = 0; i < count; i++) {
      run.spikeAlarm(i, true, "Gradient norm 14 times its usual level.");
    }
    site.flush();
  }

  /** Every other run takes a step a second, for so many seconds. */
  void everyRunGoesOn(int seconds) {
    for (int second = 0; second < seconds; second++) {
      others.forEach(run -> run.steps(1, 1, Long.MAX_VALUE, 0));
      site.flush();
      Await.pause(Duration.ofSeconds(1));
    }
  }

  /** Address of the page of a run. */
  String runAddress(String run) {
    return site.address("/run/" + PROJECT + "/" + run);
  }
}
