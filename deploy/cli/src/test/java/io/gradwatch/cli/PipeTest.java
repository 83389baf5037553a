package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.gradwatch.backtest.Backtest;
import io.gradwatch.backtest.FindingsConsumer;
import io.gradwatch.cli.terminal.OutputClosedException;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.policy.ClipRuleKind;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.schemas.Topics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipeTest {

  @Test
  void answersEachEventInOrder() throws IOException {
    assertThat(answers(event("a", 0, "1.0"), event("b", 0, "1.0"), event("a", 1, "1.0")))
        .map(answer -> answer.replaceFirst("(?<=\"clip_threshold\":)[0-9.]+", "X"))
        .containsExactly(
            "{\"run\":\"a\",\"step\":0,\"clip_threshold\":X,\"alarms\":[]}",
            "{\"run\":\"b\",\"step\":0,\"clip_threshold\":X,\"alarms\":[]}",
            "{\"run\":\"a\",\"step\":1,\"clip_threshold\":X,\"alarms\":[]}");
  }

  @Test
  void repeatsTheAdviceThatHolds() throws IOException {
    List<String> answers = answers(events("a", 300, "1.0"));

    assertThat(answers).hasSize(300);
    assertThat(threshold(answers.get(299))).isEqualTo(threshold(answers.get(298))).isPositive();
  }

  @Test
  void givesNoAdviceBeforeThereIsANormToRestItOn() throws IOException {
    assertThat(answers("{\"run\":\"a\",\"step\":0,\"loss\":1.0}\n"))
        .containsExactly("{\"run\":\"a\",\"step\":0,\"clip_threshold\":null,\"alarms\":[]}");
  }

  @Test
  void givesAlarmsWithTheEventThatRaisedThem() throws IOException {
    String text =
        events("a", 100, "1.0")
            + events("a", 120, "\"NaN\"")
                .lines()
                .skip(100)
                .collect(Collectors.joining("\n", "", "\n"));

    List<String> answers = answers(text);

    assertThat(answers.subList(0, 100)).allMatch(answer -> answer.endsWith("\"alarms\":[]}"));
    assertThat(String.join("\n", answers.subList(100, 120)))
        .contains("\"kind\":\"NON_FINITE\"", "\"state\":\"OPEN\"", "\"severity\":\"CRITICAL\"");
  }

  @Test
  void judgesEachRunByItsPolicy() throws IOException {
    PolicyBook policies =
        PolicyBook.of(
            List.of(
                new PolicyDocument(
                    PolicyScope.RUN,
                    "default/a",
                    0,
                    Settings.NONE.with(AlarmKind.NON_FINITE, false))));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String text = events("a", 5, "\"NaN\"") + events("b", 5, "\"NaN\"");

    new Pipe(policies, stream(text), out).answerAll();

    List<String> answers = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(answers.subList(0, 5)).noneMatch(answer -> answer.contains("NON_FINITE"));
    assertThat(String.join("\n", answers.subList(5, 10))).contains("NON_FINITE");
  }

  @Test
  void advisesByTheClipRuleOfThePolicyFromTheFirstEventOn() throws IOException {
    PolicyBook policies =
        PolicyBook.of(Settings.NONE.withClip(ClipRuleKind.FIXED).withClip("fixed_threshold", 0.25));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Pipe(policies, stream(event("a", 0, "\"NaN\"") + event("a", 1, "7")), out).answerAll();

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allMatch(answer -> answer.contains("\"clip_threshold\":0.25,"));
  }

  @Test
  void answersALineThatIsNoEventAndGoesOn() throws IOException {
    String tooLong = "{\"run\":\"" + "x".repeat(LineInput.MAX_BYTES) + "\"}\n";

    List<String> answers =
        answers("no json\n", "\n", tooLong, "{\"step\":1}\n", event("a", 5, "1.0"));

    assertThat(answers).hasSize(5);
    assertThat(answers.subList(0, 4)).allMatch(answer -> answer.startsWith("{\"error\":\""));
    assertThat(answers.get(0)).endsWith(",\"line\":1}");
    assertThat(answers.get(2)).isEqualTo("{\"error\":\"longer than 1048576 bytes\",\"line\":3}");
    assertThat(answers.get(4)).startsWith("{\"run\":\"a\",\"step\":5,").doesNotContain("error");
  }

  @Test
  void tellsWhyAnEventWasRefusedAndKeepsTheAdvice() throws IOException {
    List<String> answers =
        answers(event("a", -1, "1.0"), event("a", 0, "1.0"), event("a", 1, "-3"));

    assertThat(answers.get(0)).contains("\"error\":\"").endsWith("\",\"line\":1}");
    assertThat(answers.get(1)).doesNotContain("error");
    assertThat(answers.get(2))
        .endsWith("\"error\":\"grad_norm is -3.0, must be at least 0, or NaN\",\"line\":3}")
        .contains("\"clip_threshold\":")
        .doesNotContain("\"clip_threshold\":null");
  }

  @Test
  void advisesARunThatResumesAfterItsEndAsABacktestDoes(@TempDir Path folder) throws IOException {
    Random noise = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int step = 0; step < 300; step++) {
      if (step == 200) {
        text.append("{\"run\":\"a\",\"step\":199,\"event\":\"preempted\"}\n");
      }
      text.append(
          String.format(
              Locale.ROOT,
              "{\"run\":\"a\",\"step\":%d,%s\"loss\":2.0,\"grad_norm\":%.6f}%n",
              step,
              step == 200 ? "\"event\":\"resume\"," : "",
              Math.exp((step < 200 ? 0 : 1) + 0.1 * noise.nextGaussian())));
    }
    Path recording = Files.writeString(folder.resolve("a.jsonl"), text);
    NavigableMap<Long, Double> advised = new TreeMap<>();
    new Backtest(Topics.DEFAULT_PROJECT, PolicyBook.empty())
        .run(
            recording,
            new FindingsConsumer() {
              @Override
              public void recommendation(Recommendation advice) {
                advised.put(advice.madeAtStep(), advice.clipThreshold());
              }
            });

    List<String> answers = answers(text.toString());

    assertThat(answers).hasSize(301);
    for (long step = 200; step < 300; step++) {
      String answer = answers.get((int) step + 1);
      assertThat(answer).contains("\"step\":" + step + ",");
      assertThat(threshold(answer))
          .isCloseTo(advised.floorEntry(step).getValue(), withinPercentage(0.01));
    }
  }

  @Test
  void flushesEveryAnswerBeforeItReadsOn() throws IOException {
    int[] flushes = {0};
    OutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            flushes[0]++;
          }
        };

    new Pipe(PolicyBook.empty(), stream(events("a", 7, "1.0")), out).answerAll();

    assertThat(flushes[0]).isEqualTo(7);
  }

  @Test
  void endsWhenNobodyReadsTheAnswers() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    assertThatThrownBy(
            () -> new Pipe(PolicyBook.empty(), stream(event("a", 0, "1.0")), closed).answerAll())
        .isInstanceOf(OutputClosedException.class);
  }

  private static List<String> answers(String... input) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Pipe(PolicyBook.empty(), stream(String.join("", input)), out).answerAll();
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static double threshold(String answer) {
    Matcher matcher = Pattern.compile("\"clip_threshold\":([^,]+),").matcher(answer);
    assertThat(matcher.find()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String events(String run, int count, String loss) {
    return IntStream.range(0, count)
        .mapToObj(step -> event(run, step, loss))
        .collect(Collectors.joining());
  }

  private static String event(String run, long step, String loss) {
    return "{\"run\":\"%s\",\"step\":%d,\"loss\":%s,\"grad_norm\":%s,\"learning_rate\":0.1}%n"
        .formatted(run, step, loss, loss);
  }
}
