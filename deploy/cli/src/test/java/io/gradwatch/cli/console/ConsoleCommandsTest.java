package io.gradwatch.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.CommandRun;
import io.gradwatch.console.api.AlarmStatus;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.api.SilencePage;
import io.gradwatch.console.api.SilenceView;
import io.gradwatch.console.api.SilenceView.MatcherView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleCommandsTest {
  private static final String ID = SampleRecords.ID;
  private static final String SILENCE = "5".repeat(32);

  @TempDir private Path folder;
  private StubConsole console;

  @BeforeEach
  void startConsole() throws IOException {
    console = new StubConsole();
  }

  @AfterEach
  void stopConsole() {
    console.close();
  }

  @Test
  void statusShowsTheFleetAndNothingThatATerminalObeys() {
    console.on(
        "GET /fleet",
        SampleRecords.fleet(
            SampleRecords.row(SampleRecords.HOSTILE, RunState.CRITICAL),
            SampleRecords.row("calm", RunState.HEALTHY)));

    CommandRun run =
        console.run("status", "--project=vision", "--state=critical,healthy", "--limit=2");

    assertThat(run.code()).isZero();
    assertThat(console.last().uri())
        .isEqualTo("/api/v1/fleet?project=vision&state=CRITICAL%2CHEALTHY&limit=2");
    assertThat(run.out().lines())
        .hasSize(5)
        .startsWith("1 critical, 4 healthy")
        .endsWith("and 3 more: --limit");
    assertThat(run.out())
        .contains("vision/r\uFFFD[2J'$(x)\uFFFD", "▁▃ ▆█", " inf ", "31.0 %")
        .contains("00a1b2c3 exploding gradient since 8,000")
        .doesNotContain("\u001b", "\u202e");
  }

  @Test
  void statusPrintsTheRecordsAsJsonLines() {
    console.on(
        "GET /fleet",
        SampleRecords.fleet(SampleRecords.row(SampleRecords.HOSTILE, RunState.CRITICAL)));

    CommandRun run = console.run("status", "--output=json");

    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.out())
        .startsWith("{\"project\":\"vision\",\"run\":\"r\\u001B[2J'$(x)\\u202e\"")
        .contains("\"gradNorm\":\"Infinity\"");
  }

  @Test
  void statusSaysThatItsConsoleCannotReadWhatIsNew() {
    console
        .on("GET /fleet", SampleRecords.fleet(SampleRecords.row("calm", RunState.HEALTHY)))
        .on("GET /readyz", 200, "ready\n".getBytes(UTF_8))
        .on("GET /readyz", 503, "cannot read from Kafka: no \u001b broker\n".getBytes(UTF_8));

    CommandRun ready = console.run("status", "--output=json");
    CommandRun unready = console.run("status", "--output=json");

    assertThat(ready.err()).isEmpty();
    assertThat(unready.code()).isZero();
    assertThat(unready.out()).isEqualTo(ready.out());
    assertThat(unready.err())
        .isEqualToNormalizingNewlines(
            "gradwatch: the console cannot read from Kafka: no \uFFFD broker; this is what it has"
                + " read\n");
  }

  @Test
  void aFleetWithoutRunsIsToldSo() {
    console.on("GET /fleet", SampleRecords.fleet());

    assertThat(console.run("status").out()).endsWith("no runs\n");
    assertThat(console.run("status", "--limit=0").code()).isEqualTo(2);
    assertThat(console.run("status", "--limit=2001").err())
        .contains("--limit must be 1 to 2,000, not 2001");
    assertThat(console.run("alarms", "--limit=501").err())
        .contains("--limit must be 1 to 500, not 501");
  }

  @Test
  void explainTellsAllThereIsAndWhatToTypeNext() {
    console
        .on("GET /alarms", SampleRecords.page(SampleRecords.alarm(ID, "r 7", AlarmStatus.OPEN)))
        .on(
            "GET /alarms/" + ID,
            SampleRecords.detail(SampleRecords.alarm(ID, "r 7", AlarmStatus.OPEN)));

    CommandRun run = console.run("explain", "00A1");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains(
            "critical  exploding gradient, with divergence",
            "began        at step 8,000",
            "checkpoint   step 7,500, s3://bucket/7500",
            "steps in which the norm doubles",
            "h.17.mlp",
            "1. Lower the clip threshold to 1.37.",
            "It begins to grow.",
            "  gradwatch ack 00a1b2c3 --note 'looking into it'",
            "  gradwatch silence add alarm=" + ID + " --for 2h --note 'known, being fixed'",
            "  gradwatch watch 'vision/r 7'",
            "  gradwatch judge 00a1b2c3 right")
        .doesNotContain("\u001b");
  }

  @Test
  void anAlarmIsNamedByABeginningThatNoOtherHas() {
    String other = "00a1" + "f".repeat(28);
    console.on(
        "GET /alarms",
        SampleRecords.page(
            SampleRecords.alarm(ID, "r", AlarmStatus.OPEN),
            SampleRecords.alarm(other, "00a1", AlarmStatus.OPEN),
            SampleRecords.alarm("f".repeat(32), "00a1", AlarmStatus.OPEN)));

    assertThat(console.run("explain", "00a1").err())
        .contains("2 alarms' ids begin with 00a1: " + ID + ", " + other);
    assertThat(console.run("explain", "00b").err()).contains("no alarm's id begins with 00b");
    assertThat(console.run("explain", "xyz").err()).contains("'xyz' is no id of an alarm");
  }

  @Test
  void ackSaysWhoAndWithdraws() {
    console
        .on(
            "PUT /alarms/" + ID + "/acknowledgement",
            SampleRecords.alarm(ID, "r", AlarmStatus.ACKNOWLEDGED))
        .on(
            "DELETE /alarms/" + ID + "/acknowledgement",
            SampleRecords.alarm(ID, "r", AlarmStatus.OPEN));

    CommandRun ack = console.run("ack", ID, "--author=bob", "--note=on it");
    StubConsole.Asked asked = console.last();
    CommandRun withdrawn = console.run("ack", ID, "--withdraw");

    assertThat(ack.out())
        .isEqualTo("acknowledged  " + ID + "  exploding gradient of vision/r, now acknowledged\n");
    assertThat(asked.body()).isEqualTo("{\"author\":\"bob\",\"note\":\"on it\"}");
    assertThat(asked.csrf()).isEqualTo("the-csrf");
    assertThat(withdrawn.out()).startsWith("withdrawn  ").endsWith("now open\n");
    assertThat(console.last().method()).isEqualTo("DELETE");
  }

  @Test
  void judgeTakesOneVerdict() {
    console.on(
        "PUT /alarms/" + ID + "/judgement", SampleRecords.alarm(ID, "r", AlarmStatus.RESOLVED));

    CommandRun run =
        console.run(
            "judge", ID, "too-late", "--onset=7900", "--failure=9500", "--author=bob", "--note=n");

    assertThat(run.out()).startsWith("judged too-late  ");
    assertThat(console.last().body())
        .isEqualTo(
            "{\"verdict\":\"TOO_LATE\",\"actualOnsetStep\":7900,\"failureStep\":9500,"
                + "\"author\":\"bob\",\"note\":\"n\"}");
    assertThat(console.run("judge", ID).err()).contains("say one of: right, too-late");
    assertThat(console.run("judge", ID, "right", "--withdraw").code()).isEqualTo(2);
    assertThat(console.run("judge", ID, "wrong").err()).contains("right, too-late or for-nothing");
  }

  @Test
  void silencesAreAddedListedAndEnded() {
    SilenceView silence =
        new SilenceView(
            SILENCE,
            List.of(new MatcherView("run", "=", "r7")),
            1,
            8_200_000,
            1,
            "bob",
            "known",
            "ACTIVE",
            2);
    console
        .on("POST /silences", 201, io.gradwatch.console.server.Json.bytes(silence))
        .on("GET /silences", new SilencePage(1, 0, List.of(silence)))
        .on("DELETE /silences/" + SILENCE, silence);

    CommandRun add =
        console.run(
            "silence",
            "add",
            "run=r7",
            "kind!=loss spike",
            "tag:host=~n.*=x",
            "--for=2h",
            "--note=known",
            "--author=bob");
    StubConsole.Asked asked = console.last();
    CommandRun list = console.run("silence", "list");
    CommandRun remove = console.run("silence", "remove", "555");

    assertThat(add.out()).contains(SILENCE, "2 open alarms match");
    assertThat(asked.body())
        .contains(
            "{\"label\":\"run\",\"operator\":\"=\",\"value\":\"r7\"}",
            "{\"label\":\"kind\",\"operator\":\"!=\",\"value\":\"LOSS_SPIKE\"}",
            "{\"label\":\"tag:host\",\"operator\":\"=~\",\"value\":\"n.*=x\"}",
            "\"endsAt\":" + (1_000_000 + 7_200_000));
    assertThat(list.out()).contains("55555555", "run=r7", "known");
    assertThat(remove.out()).isEqualTo("ended  " + SILENCE + "\n");
    assertThat(console.run("silence", "add", "run=r7", "--note=x").code()).isEqualTo(2);
    assertThat(console.run("silence", "add", "host=x", "--for=1h", "--note=x").err())
        .contains("'host' is no label");
    assertThat(console.run("silence", "add", "run=x", "--for=soon", "--note=x").err())
        .contains("'soon' must be a stretch of time");
    assertThat(CommandRun.of("silence").err()).contains("a command is missing");
  }

  @Test
  void watchLooksOnceForAPersonAndFollowsAsJsonWithALinePerChange() {
    String path = "GET /runs/vision/~" + base64("a/b");
    console
        .on(path, SampleRecords.run("a/b", RunState.CRITICAL))
        .on(path, SampleRecords.run("a/b", RunState.CRITICAL))
        .on(path, SampleRecords.run("a/b", RunState.ENDED))
        .on(path + "/series", SampleRecords.series("a/b"));

    CommandRun once = console.run("watch", "vision/a/b", "--once");
    CommandRun follow = console.run("watch", "vision/a/b");

    assertThat(once.out())
        .contains(
            "vision/a/b  critical  step 9,000 of 50,000, 5 steps/s",
            "advised 1.37, applied 1 (bounded); 31.0 % of recent steps clipped",
            "in about 20,800 steps, 1 h 10 min (between 17,800 and 23,800); doubles every 173",
            "▁",
            "exploding gradient")
        .doesNotContain("\u001b");
    assertThat(follow.code()).isZero();
    assertThat(follow.out().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"row\":{"));
  }

  @Test
  void alarmsAreListed() {
    console.on(
        "GET /alarms", SampleRecords.page(SampleRecords.alarm(ID, "r", AlarmStatus.SILENCED)));

    CommandRun run = console.run("alarms", "--run=vision/r");

    assertThat(run.out()).contains("00a1b2c3", "silenced", "8,000").doesNotContain("\u001b");
    assertThat(console.last().uri())
        .contains("status=OPEN%2CACKNOWLEDGED%2CSILENCED", "project=vision", "run=r");
  }

  @Test
  void compareStandsRunsSideBySide() {
    console
        .on(
            "GET /compare",
            new Comparison(
                List.of(
                    SampleRecords.run("r", RunState.CRITICAL),
                    SampleRecords.run("s", RunState.HEALTHY))))
        .on("GET /runs/vision/~" + base64("r") + "/series", SampleRecords.series("r"))
        .on("GET /runs/vision/~" + base64("s") + "/series", SampleRecords.series("s"));

    CommandRun run = console.run("compare", "vision/r", "vision/s");
    CommandRun json = console.run("compare", "vision/r", "vision/s", "--output=json");

    assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            " vision/r vision/s",
            "state critical healthy",
            " maximum Infinity Infinity",
            "Loss, logarithmic, steps 0 to 9,000")
        .anyMatch(line -> line.startsWith("00a1b2c3 open critical exploding gradient vision/r"));
    assertThat(json.out().lines()).hasSize(2);
    assertThat(console.run("compare", "vision/r").code()).isEqualTo(2);
  }

  @Test
  void reportsAreWritten() throws IOException {
    byte[] page = "<!doctype html>".getBytes(UTF_8);
    console
        .on("GET /runs/vision/~" + base64("../r") + "/report", 200, page)
        .on("GET /compare/report", 200, page);
    Path file = folder.resolve("report.svg");
    Path compared = folder.resolve("compared.html");

    CommandRun run = console.run("report", "vision/../r", "-o", file.toString());
    String uri = console.last().uri();
    CommandRun compare =
        console.run("compare", "vision/r", "vision/s", "--html", compared.toString());

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEqualTo("wrote " + file + "\n");
    assertThat(uri).endsWith("/report?format=svg");
    assertThat(file).hasContent("<!doctype html>");
    assertThat(compare.code()).isZero();
    assertThat(console.last().uri())
        .isEqualTo("/api/v1/compare/report?run=vision%2Fr&run=vision%2Fs&format=html");
    assertThat(Files.exists(compared)).isTrue();
    assertThat(ReportFile.named("../r", io.gradwatch.console.report.ReportFormat.PNG))
        .isEqualTo(Path.of("__r.png"));
  }

  @Test
  void labelsArePrintedAsTheyAre() {
    console.on("GET /labels", Map.of("r\u001b", Map.of("outcome", "diverged")));

    assertThat(console.run("labels", "--project=vision").out())
        .isEqualTo("{\"r\\u001B\":{\"outcome\":\"diverged\"}}\n");
  }

  private static String base64(String run) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(run.getBytes(UTF_8));
  }
}
