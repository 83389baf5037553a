package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestCommandTest {
  @TempDir private Path folder;

  @Test
  void showsAlarmsAsATableAndEndsWell() throws IOException {
    Path lost = Recordings.loseTheLoss(folder.resolve("lost.csv"));

    CommandRun run = CommandRun.of("backtest", lost.toString());

    assertThat(run.code()).isZero();
    assertThat(run.out().lines().findFirst())
        .hasValueSatisfying(head -> assertThat(head).startsWith("RUN "));
    assertThat(run.out()).containsPattern("(?m)^lost +\\d+ +CRITICAL +NON_FINITE +\\S");
    assertThat(run.err()).contains(" critical, ");
  }

  @Test
  void showsWhatFollowingTheAdviceWouldHaveDone() throws IOException {
    Path calm = Recordings.calm(folder.resolve("calm.csv"));
    Path unclipped = folder.resolve("no-norms.csv");
    Files.writeString(unclipped, "step,loss\n0,1.0\n1,0.9\n");
    Path own = folder.resolve("own.csv");
    Files.writeString(own, clippedByItself());

    CommandRun run =
        CommandRun.of("backtest", calm.toString(), unclipped.toString(), own.toString());

    assertThat(run.out())
        .containsPattern(
            "(?m)^calm +199 +advice +CLIP_ADVICE +Told \\d+ times, last [\\d.]+: would have clipped"
                + " [\\d.]+ % of the steps")
        .containsPattern("(?m)^own .* of the steps.*; the trainer's 1.000 clipped 50.0 %\\.$")
        .doesNotContainPattern("(?m)^no-norms .*CLIP_ADVICE");
  }

  private static String clippedByItself() {
    StringBuilder text = new StringBuilder("step,loss,grad_norm,clip_threshold\n");
    for (int step = 0; step < 100; step++) {
      text.append(step).append(step % 2 == 0 ? ",2.0,0.9,1.0\n" : ",2.0,1.1,1.0\n");
    }
    return text.toString();
  }

  @Test
  void writesALineForEachNewAlarmWithTheNamesThatScoringReads() throws IOException {
    Path lost = Recordings.loseTheLoss(folder.resolve("lost.csv"));
    Path alarms = folder.resolve("alarms.jsonl");

    CommandRun run = CommandRun.of("backtest", lost.toString(), "--alarms", alarms.toString());

    assertThat(run.code()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(Files.readAllLines(alarms))
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("{\"run\":\"lost\",")
                    .containsPattern("\"kind\":\"[A-Z_]+\"")
                    .containsPattern("\"severity\":\"(INFO|WARNING|CRITICAL)\"")
                    .containsPattern("\"step\":\\d+")
                    .endsWith("}"));
  }

  @Test
  void writesAdviceAndStatistics() throws IOException {
    Path calm = Recordings.calm(folder.resolve("calm.csv"));
    Path advice = folder.resolve("advice.jsonl");
    Path statistics = folder.resolve("statistics.jsonl");

    CommandRun run =
        CommandRun.of(
            "backtest",
            calm.toString(),
            "--recommendations=" + advice,
            "--statistics=" + statistics);

    assertThat(run.code()).isZero();
    assertThat(Files.readString(advice)).contains("\"made_at_step\":", "\"clip_threshold\":");
    assertThat(Files.readString(statistics))
        .contains("\"steps_seen\":", "\"grad_norm\":{\"count\":");
  }

  @Test
  void writesTheSameBytesWithOneThreadAndWithThree() throws IOException {
    String[] files = new String[5];
    for (int i = 0; i < files.length; i++) {
      Path file = folder.resolve("run-" + i + ".csv");
      files[i] = (i % 2 == 0 ? Recordings.loseTheLoss(file) : Recordings.calm(file)).toString();
    }

    assertThat(outputs("3", files)).isEqualTo(outputs("1", files));
  }

  @Test
  void goesOnAfterAFileThatCannotBeReadAndFails() throws IOException {
    Path lost = Recordings.loseTheLoss(folder.resolve("lost.csv"));

    CommandRun run =
        CommandRun.of("backtest", folder.resolve("none.csv").toString(), lost.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "cannot read " + folder.resolve("none.csv") + ": there is no such file or folder\n");
    assertThat(run.out()).contains("lost");
  }

  @Test
  void tellsWhichEventsWereLeftOut() throws IOException {
    Path file = folder.resolve("r.csv");
    Files.writeString(file, "step,loss\n0,1.0\n-1,1.0\n1,1.0\n");

    CommandRun run = CommandRun.of("backtest", file.toString());

    assertThat(run.err()).contains(file.toString());
  }

  @Test
  void refusesACommandLineItCannotMeet() {
    assertThat(CommandRun.of("backtest").code()).isEqualTo(2);
    assertThat(CommandRun.of("backtest", "--threads", "0", "a.csv").code()).isEqualTo(2);
    assertThat(CommandRun.of("backtest", "--project", "NO GOOD", "a.csv").code()).isEqualTo(2);
  }

  @Test
  void judgesEachRunByThePolicyOfItsProjectAndItself() throws IOException {
    Path one = Recordings.loseTheLoss(folder.resolve("one.csv"));
    Path other = Recordings.loseTheLoss(folder.resolve("other.csv"));
    Path policy = folder.resolve("policy.yaml");
    Files.writeString(
        policy,
        """
        projects:
          vision: {detectors: {NON_FINITE: {severity: WARNING}}}
        runs:
          vision/other: {detectors: {NON_FINITE: {enabled: false}}}
        """);

    CommandRun run =
        CommandRun.of(
            "backtest", one.toString(), other.toString(), "--project=vision", "--policy=" + policy);

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .containsPattern("(?m)^one +\\d+ +WARNING +NON_FINITE")
        .doesNotContainPattern("(?m)^one +\\d+ +CRITICAL +NON_FINITE")
        .doesNotContainPattern("(?m)^other .*NON_FINITE");
  }

  @Test
  void saysAllThatIsWrongWithAPolicyAndDoesNothing() throws IOException {
    Path policy = folder.resolve("policy.yaml");
    Path alarms = folder.resolve("alarms.jsonl");
    Files.writeString(policy, "fleet:\n  clip: {raise: 0}\n  clop: {}\n");

    CommandRun run = CommandRun.of("backtest", "a.csv", "--policy=" + policy, "--alarms=" + alarms);
    CommandRun absent = CommandRun.of("backtest", "a.csv", "--policy=" + folder.resolve("none"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly(
            "policy.yaml:2: clip.raise is 0, it must be above 0",
            "policy.yaml:3: clop is no setting; did you mean clip?");
    assertThat(alarms).doesNotExist();
    assertThat(absent.code()).isEqualTo(1);
    assertThat(absent.err()).startsWith("gradwatch: cannot read ").hasLineCount(1);
  }

  @Test
  void refusesTwoRecordingsOfOneRunId() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one")).resolve("x.csv");
    Path other = Files.createDirectory(folder.resolve("other")).resolve("x.jsonl.gz");
    Path alarms = folder.resolve("alarms.jsonl");
    Recordings.calm(one);

    CommandRun backtest =
        CommandRun.of("backtest", one.toString(), other.toString(), "--alarms=" + alarms);
    CommandRun replay =
        CommandRun.of("replay", one.toString(), other.toString(), "--bootstrap-server=x:1");

    assertThat(backtest.code()).isEqualTo(2);
    assertThat(backtest.err())
        .startsWith("two recordings have the run id 'x': " + one + " and " + other);
    assertThat(alarms).doesNotExist();
    assertThat(replay.code()).isEqualTo(2);
    assertThat(replay.err())
        .startsWith("two recordings have the run id 'x': " + one + " and " + other);
  }

  @Test
  void failsWhenTheOutputCannotBeWritten() throws IOException {
    Path calm = Recordings.calm(folder.resolve("calm.csv"));

    CommandRun run =
        CommandRun.of("backtest", calm.toString(), "--alarms", folder + "/none/alarms.jsonl");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).startsWith("gradwatch: cannot write ").hasLineCount(1);
  }

  @Test
  void printsWhatTheAlarmsAreWorthInsteadOfTheAlarms() throws IOException {
    Path labels = labels();

    CommandRun run = CommandRun.of("backtest", lost(), calm(), "--labels=" + labels);

    assertThat(run.code()).isZero();
    assertThat(run.out().lines())
        .hasSize(4)
        .first(STRING)
        .startsWith("diverged in time 1/1 (mean over scenarios 1.000)");
    assertThat(run.out()).endsWith("\nscore 0.667\n").contains("false pages 0 in 350 steps = 0.00");
    assertThat(run.err()).contains("1 label is of runs that are not among the files");
  }

  @Test
  void saysThatThereIsNothingToTakeAMedianOf() throws IOException {
    String labels = "--labels=" + labels();

    CommandRun text = CommandRun.of("backtest", calm(), labels);
    CommandRun json = CommandRun.of("backtest", calm(), labels, "--json");

    assertThat(text.out())
        .contains(
            "lead steps none (no diverged run was paged), delay on abrupt faults none (none was"
                + " paged)")
        .doesNotContain("nan");
    assertThat(json.out())
        .contains("\"lead_steps_median\":null", "\"abrupt_delay_steps_median\":null");
  }

  @Test
  void tellsWhatBecameOfEachRunWhenAsked() throws IOException {
    String labels = "--labels=" + labels();

    CommandRun text = CommandRun.of("backtest", lost(), calm(), labels, "--per-scenario");
    CommandRun json = CommandRun.of("backtest", lost(), calm(), labels, "--per-scenario", "--json");

    assertThat(text.out())
        .startsWith("  lost                     in time 1/1\n  lost        ")
        .containsPattern("(?m)^  lost {37}in time \\d+$");
    assertThat(json.out())
        .hasLineCount(1)
        .startsWith("{\"score\":0.66")
        .contains("\"diverged_in_time\":1,", "\"scenarios\":{\"lost\":")
        .contains(
            "\"lost\":{\"scenario\":\"lost\",\"outcome\":\"DIVERGED\",\"verdict\":\"IN_TIME\"")
        .endsWith("}}\n");
  }

  @Test
  void refusesARunWithoutALabelBeforeItReadsAny() throws IOException {
    Path other = Recordings.calm(folder.resolve("other.csv"));
    Path labels = labels();

    CommandRun run = CommandRun.of("backtest", lost(), other.toString(), "--labels=" + labels);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("gradwatch: " + labels + ": run 'other' has no label\n");
  }

  @Test
  void tellsWhatIsWrongWithLabels() throws IOException {
    Path labels = folder.resolve("labels.json");
    Files.writeString(labels, "{\"lost\": {\"outcome\": \"bad\"}}");

    assertThat(CommandRun.of("backtest", lost(), "--labels=" + labels).err())
        .startsWith(
            "gradwatch: cannot read " + labels + ": the label of run 'lost', line 1: outcome")
        .hasLineCount(1);
    assertThat(CommandRun.of("backtest", lost(), "--labels=none.json").err())
        .isEqualTo("gradwatch: cannot read none.json: there is no such file or folder\n");
    assertThat(CommandRun.of("backtest", lost(), "--json").code()).isEqualTo(2);
    assertThat(CommandRun.of("backtest", lost(), "--per-scenario").err())
        .startsWith("--per-scenario needs --labels\nUsage: gradwatch backtest [OPTIONS] FILE...");
  }

  @Test
  void showsWhatOtherPoliciesWouldChange() throws IOException {
    Path quiet = folder.resolve("quiet.yaml");
    Files.writeString(quiet, "fleet: {detectors: {NON_FINITE: {enabled: false}}}\n");

    CommandRun text =
        CommandRun.of("backtest", lost(), "--against=" + quiet, "--labels=" + labels());
    CommandRun turned =
        CommandRun.of("backtest", lost(), "--policy=" + quiet, "--against=" + defaults(), "--json");

    assertThat(text.code()).isZero();
    assertThat(text.out())
        .startsWith("A: the defaults\nB: " + quiet + "\n\nRUN ")
        .containsPattern("(?m)^lost  CRITICAL  NON_FINITE +\\d+ +-$")
        .containsPattern("(?m)^pages +1 +\\d")
        .containsPattern("(?m)^diverged in time +1/1 ")
        .containsPattern("(?m)^score +0\\.667 +0\\.\\d{3}$");
    assertThat(turned.out())
        .hasLineCount(1)
        .startsWith(
            "{\"a\":\"" + quiet + "\",\"b\":\"" + defaults() + "\",\"changes\":[{\"run\":\"lost\"")
        .containsPattern("\"NON_FINITE\",\"severity\":\"CRITICAL\",\"step_a\":null,\"step_b\":\\d")
        .endsWith("}}\n");
  }

  @Test
  void saysNothingChangesBetweenTheDefaultsAndThemselves() throws IOException {
    CommandRun run = CommandRun.of("backtest", lost(), calm(), "--against=" + defaults());

    assertThat(run.out()).doesNotContain("RUN ").containsPattern("(?m)^pages +1 +1 +0 +0 +0$");
    assertThat(CommandRun.of("backtest", lost(), "--against=" + folder + "/none.yaml").err())
        .endsWith("none.yaml: there is no such file or folder\n");
    assertThat(
            CommandRun.of(
                    "backtest", lost(), "--against=x", "--labels=" + labels(), "--per-scenario")
                .code())
        .isEqualTo(2);
  }

  private Path defaults() throws IOException {
    return Files.writeString(folder.resolve("defaults.yaml"), "fleet: {}\n");
  }

  private String lost() throws IOException {
    return Recordings.loseTheLoss(folder.resolve("lost.csv")).toString();
  }

  private String calm() throws IOException {
    return Recordings.calm(folder.resolve("calm.csv")).toString();
  }

  private Path labels() throws IOException {
    return Files.writeString(
        folder.resolve("labels.json"),
        """
        {"lost": {"outcome": "diverged", "onset_step": %1$d, "failure_step": %1$d},
         "calm": {"outcome": "healthy"}, "another": {"outcome": "healthy"}}
        """
            .formatted(Recordings.LOST_AT));
  }

  private List<String> outputs(String threads, String... files) throws IOException {
    Path alarms = folder.resolve("alarms-" + threads);
    Path advice = folder.resolve("advice-" + threads);
    Path statistics = folder.resolve("statistics-" + threads);
    List<String> arguments = new ArrayList<>(List.of("backtest", "--threads", threads));
    arguments.addAll(List.of("--alarms", alarms.toString()));
    arguments.addAll(List.of("--recommendations", advice.toString()));
    arguments.addAll(List.of("--statistics", statistics.toString()));
    arguments.addAll(List.of(files));
    assertThat(CommandRun.of(arguments.toArray(String[]::new)).code()).isZero();
    return List.of(
        Files.readString(alarms), Files.readString(advice), Files.readString(statistics));
  }
}
