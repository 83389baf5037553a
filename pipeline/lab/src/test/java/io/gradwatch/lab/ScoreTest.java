package io.gradwatch.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.gradwatch.backtest.RaisedAlarm;
import io.gradwatch.backtest.score.LabelledRun;
import io.gradwatch.backtest.score.ScoreText;
import io.gradwatch.backtest.score.Scorecard;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The score from Java is the one that {@code score.py} printed, line by line, for alarms on the
 * recorded trainings of this module. Beside each file of alarms stands what it printed:
 *
 * <pre>
 * gunzip -c NAME.jsonl.gz >NAME.jsonl; score.py traces/dev/labels.json NAME.jsonl --per-scenario >NAME.txt
 * </pre>
 */
class ScoreTest {
  private static final Path GOLDEN = Path.of("src/test/resources/score");
  private static final Path LABELS = Path.of("traces/dev/labels.json");
  private static final String ALARMS = ".jsonl.gz";

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ALARMS))
          .map(name -> name.substring(0, name.length() - ALARMS.length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void isWhatTheReferencePrinted(String name) throws IOException {
    Scorecard card = score(alarms(GOLDEN.resolve(name + ALARMS)));

    List<String> printed = new ArrayList<>(ScoreText.perScenario(card));
    printed.addAll(ScoreText.summary(card));

    List<String> reference =
        Files.readAllLines(GOLDEN.resolve(name + ".txt")).stream()
            .map(ScoreTest::withoutNan)
            .toList();
    assertThat(printed).containsExactlyElementsOf(reference);
  }

  /** Where nothing was paged Java says so, in words. */
  private static String withoutNan(String line) {
    return line.replace(
            "lead steps median nan p10 nan", "lead steps none (no diverged run was paged)")
        .replace(
            "delay on abrupt faults median nan", "delay on abrupt faults none (none was paged)");
  }

  @Test
  void everyGoldenFileIsRead() throws IOException {
    assertThat(names()).hasSizeGreaterThanOrEqualTo(4);
    try (Stream<Path> files = Files.list(GOLDEN)) {
      assertThat(files).hasSize(2 * names().size());
    }
  }

  private static Scorecard score(Map<String, List<RaisedAlarm>> alarms) throws IOException {
    Map<String, RunLabel> labels;
    try (InputStream in = Files.newInputStream(LABELS)) {
      labels = RunLabels.read(in);
    }
    assertThat(labels.keySet()).containsAll(alarms.keySet());
    List<LabelledRun> runs = new ArrayList<>();
    labels.forEach(
        (run, label) ->
            runs.add(new LabelledRun(run, label, 0, alarms.getOrDefault(run, List.of()))));
    return Scorecard.of(runs);
  }

  private static Map<String, List<RaisedAlarm>> alarms(Path file) throws IOException {
    Map<String, List<RaisedAlarm>> alarms = new HashMap<>();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
        JsonParser parser = new JsonFactory().createParser(in)) {
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        Map<String, String> fields = new HashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          fields.put(name, parser.getText());
        }
        alarms
            .computeIfAbsent(fields.get("run"), run -> new ArrayList<>())
            .add(
                new RaisedAlarm(
                    Long.parseLong(fields.get("step")),
                    AlarmKind.valueOf(fields.get("kind")),
                    Severity.valueOf(fields.get("severity"))));
      }
    }
    return alarms;
  }
}
