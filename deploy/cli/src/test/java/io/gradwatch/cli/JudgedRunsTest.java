package io.gradwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.backtest.score.LabelledRun;
import io.gradwatch.console.model.EvidenceMeanings;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.FleetLimits;
import io.gradwatch.console.server.Json;
import io.gradwatch.records.AlarmKind;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Severity;
import io.gradwatch.records.Verdict;
import io.gradwatch.traces.RunLabel;
import io.gradwatch.traces.RunLabels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the console says of alarms, held against the parts that raise and score them. */
class JudgedRunsTest {
  private static final Path CORE = Path.of("../../pipeline/core/src/main/java");
  private static final Pattern EVIDENCE = Pattern.compile("new Evidence\\(\\s*\"([a-z_0-9]+)\"");

  @ParameterizedTest
  @EnumSource(value = AlarmKind.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void labelsAreWhatABacktestReads(AlarmKind kind) throws IOException {
    for (Verdict verdict : List.of(Verdict.RIGHT, Verdict.TOO_LATE, Verdict.FOR_NOTHING)) {
      for (Severity severity : Severity.values()) {
        RunLabel label = labelOf(judgement(kind, severity, verdict));
        // Refuses a label that lacks what its outcome needs.
        LabelledRun run = new LabelledRun("run", label, 1_000, List.of());
        assertThat(run.label().outcome() == RunLabel.Outcome.HEALTHY)
            .isEqualTo(verdict == Verdict.FOR_NOTHING);
      }
    }
  }

  @Test
  void aRightPageIsDueByTheStepAtWhichItOpened() throws IOException {
    RunLabel label = labelOf(judgement(AlarmKind.DIVERGENCE, Severity.CRITICAL, Verdict.RIGHT));
    assertThat(label.outcome()).isEqualTo(RunLabel.Outcome.DIVERGED);
    assertThat(label.onsetStep()).isEqualTo(90);
    assertThat(label.failureStep()).isEqualTo(100);
  }

  @Test
  void everyNumberThatADetectorTellsHasAMeaning() throws IOException {
    Set<String> names;
    try (Stream<Path> files = Files.walk(CORE)) {
      names =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .flatMap(JudgedRunsTest::evidence)
              .collect(Collectors.toSet());
    }
    assertThat(names).hasSizeGreaterThan(20).allMatch(EvidenceMeanings::has);
  }

  private static Stream<String> evidence(Path file) {
    try {
      List<String> names =
          EVIDENCE.matcher(Files.readString(file)).results().map(JudgedRunsTest::name).toList();
      return names.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(MatchResult match) {
    return match.group(1);
  }

  private static RunLabel labelOf(Judgement judgement) throws IOException {
    Fleet fleet = new Fleet(FleetLimits.standard(), InstantSource.system());
    fleet.apply(judgement);
    Map<String, RunLabel> labels =
        RunLabels.read(new ByteArrayInputStream(Json.bytes(fleet.labels("vision"))));
    assertThat(labels).containsOnlyKeys("run");
    return labels.get("run");
  }

  private static Judgement judgement(AlarmKind kind, Severity severity, Verdict verdict) {
    return Judgement.newBuilder()
        .setAlarmId("0123456789abcdef0123456789abcdef")
        .setProject("vision")
        .setRunId("run")
        .setKind(kind)
        .setSeverity(severity)
        .setOnsetStep(90)
        .setOpenedStep(100)
        .setVerdict(verdict)
        .build();
  }
}
