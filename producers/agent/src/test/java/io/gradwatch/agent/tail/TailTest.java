package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.gradwatch.traces.FieldNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
  @TempDir Path folder;
  private Path log;
  private Tailing tailing;

  @BeforeEach
  void start() throws Exception {
    log = folder.resolve("logs/a.jsonl");
    Files.createDirectories(folder.resolve("logs"));
    tailing = tailing(log);
  }

  @AfterEach
  void stop() throws Exception {
    tailing.close();
  }

  private Tailing tailing(Path root) throws Exception {
    return new Tailing(
        LineLogs.jsonl(root, null, FieldNames.common(), 1), folder.resolve("positions.json"));
  }

  private static String row(long step) {
    return row(step, 2.5);
  }

  private static String row(long step, double loss) {
    return "{\"step\":" + step + ",\"loss\":" + loss + "}\n";
  }

  private static void append(Path file, String text) throws Exception {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void publishesWhatIsThereAndWhatComes() throws Exception {
    append(log, row(1) + row(2));
    tailing.look();
    append(log, row(3));
    tailing.look().look();

    assertThat(tailing.events().told())
        .containsExactly(
            "a 0:1 RunStarted",
            "a 0:1 StepCompleted",
            "a 0:2 StepCompleted",
            "a 0:3 StepCompleted");
    assertThat(tailing.events().all()).allMatch(event -> event.getEmittedAt() == 1_000);
  }

  @Test
  void waitsForTheRestOfALine() throws Exception {
    append(log, "{\"step\":1,\"lo");
    tailing.look();
    assertThat(tailing.events().all()).isEmpty();

    append(log, "ss\":2.5}\r");
    tailing.look();
    assertThat(tailing.events().all()).isEmpty();

    append(log, "\n");
    tailing.look();
    assertThat(tailing.events().steps()).containsExactly("0:1");
  }

  @Test
  void aLastLookTakesAWholeLineWithoutItsEnd() throws Exception {
    append(log, row(1) + "{\"step\":2}");
    tailing.lookLast();
    append(log, "\n" + row(3) + "{\"step\":4");
    tailing.restart().lookLast();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3");
  }

  @Test
  void waitsForALogThatComesLater() throws Exception {
    tailing.look();
    append(log, row(1));
    for (int i = 0; i < 5; i++) {
      tailing.look();
    }
    assertThat(tailing.events().steps()).containsExactly("0:1");
  }

  @Test
  void goesOnAfterARestartWhereItStopped() throws Exception {
    append(log, row(1) + row(2));
    tailing.look().restart();
    append(log, row(3));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3");
  }

  @Test
  void publishesOnceMoreWhatMayNotHaveArrived() throws Exception {
    append(log, row(1));
    try (PositionStore store = PositionStore.open(folder.resolve("other.json"))) {
      KeptEvents events = new KeptEvents();
      events.neverArrive();
      Tail tail = tail(store, events);
      tail.stop();
      assertThat(tail.once().complete()).isFalse();
    }
    try (PositionStore store = PositionStore.open(folder.resolve("other.json"))) {
      KeptEvents events = new KeptEvents();
      assertThat(tail(store, events).once().complete()).isTrue();
      assertThat(events.steps()).containsExactly("0:1");
    }
  }

  @Test
  void endsWhereKafkaRefusesForGoodAndKeepsThePlace() throws Exception {
    append(log, row(1));
    try (PositionStore store = PositionStore.open(folder.resolve("other.json"))) {
      KeptEvents events = new KeptEvents();
      events.lose();
      assertThatExceptionOfType(EventsLostException.class)
          .isThrownBy(() -> tail(store, events).once())
          .withMessageContaining("did not take 1 event for good");
      assertThat(store.load()).isEmpty();
    }
  }

  private Tail tail(PositionStore store, EventSink events) {
    return new Tail(
        LineLogs.jsonl(log, null, FieldNames.common(), 1),
        events,
        store,
        TailListener.NONE,
        Duration.ofMillis(1),
        0);
  }

  @Test
  void aStepThatGoesBackIsTheNextAttempt() throws Exception {
    append(log, row(1) + row(2) + row(3) + row(2) + row(2) + row(3) + row(4));
    tailing.look();

    assertThat(tailing.events().told())
        .containsExactly(
            "a 0:1 RunStarted",
            "a 0:1 StepCompleted",
            "a 0:2 StepCompleted",
            "a 0:3 StepCompleted",
            "a 1:2 RunStarted",
            "a 1:2 StepCompleted",
            "a 1:2 StepCompleted",
            "a 1:3 StepCompleted",
            "a 1:4 StepCompleted");
  }

  @Test
  void aSeriesOrAnEvaluationThatComesLateIsNoAttempt() throws Exception {
    append(log, row(90) + row(100) + "{\"step\":90,\"tokens_per_second\":5}\n");
    append(log, "{\"step\":90,\"eval_loss\":2.5,\"epoch\":1}\n" + row(110) + row(95));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:90", "0:100", "0:90", "0:110", "1:95");
  }

  @Test
  void attemptsOutliveTheAgent() throws Exception {
    append(log, row(1) + row(5) + row(3));
    tailing.look().restart();
    append(log, row(4));
    tailing.look().restart();
    append(log, row(2));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:5", "1:3", "1:4", "2:2");
  }

  @Test
  void aLauncherMaySayTheAttempt() throws Exception {
    append(log, row(1) + row(2));
    tailing.look().restart(3).look();
    append(log, row(1));
    tailing.look().restart(3);
    append(log, row(2));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "3:1", "3:2");
  }

  @Test
  void rowsThatTellTheirAttemptAreTakenAtTheirWord() throws Exception {
    append(log, "{\"step\":5,\"attempt\":1}\n{\"step\":3,\"attempt\":1}\n");
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("1:5", "1:3");
  }

  @Test
  void readsTheEndOfALogThatWasRenamedBeforeTheNewOne() throws Exception {
    append(log, row(1));
    tailing.look();
    append(log, row(2));
    Files.move(log, log.resolveSibling("a.jsonl.1"));
    append(log.resolveSibling("a.jsonl.1"), row(3) + "{\"step\":4}");
    append(log, row(5));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3", "0:4", "0:5");
  }

  @Test
  void keepsToTheRenamedLogWhileTheNewOneIsEmpty() throws Exception {
    append(log, row(1));
    tailing.look();
    Path old = log.resolveSibling("a.jsonl.1");
    Files.move(log, old);
    Files.createFile(log);
    append(old, row(2));
    tailing.look();
    append(old, row(3));
    tailing.look();
    append(log, row(4));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3", "0:4");
  }

  @Test
  void findsTheRenamedLogAfterARestart() throws Exception {
    append(log, row(1));
    tailing.look();
    append(log, row(2));
    Files.move(log, log.resolveSibling("a.jsonl.1"));
    append(log, row(3));
    tailing.restart().look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3");
  }

  @Test
  void readsTheCopyOfALogThatWasCopiedAndCut() throws Exception {
    append(log, row(1));
    tailing.look();
    append(log, row(2));
    Files.copy(log, log.resolveSibling("a.jsonl.1"));
    Files.writeString(log, row(3));
    tailing.look().look().look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3");
  }

  @Test
  void aLogThatWasCutAndWrittenAnewByAnotherTrainingIsTheNextAttempt() throws Exception {
    append(log, row(1, 2.5) + row(2) + row(3));
    tailing.look();
    Files.writeString(log, row(1, 2.75));
    tailing.look().look();
    append(log, row(2));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3", "1:1", "1:2");
  }

  @Test
  void theSameRowsWrittenOnceMoreAreNoAttempt() throws Exception {
    append(log, row(1) + row(2) + row(1) + row(2));
    tailing.look();
    Files.writeString(
        log, (row(1) + row(2) + row(1) + row(2) + row(3)).replace("}", ",\"new\":1}"));
    tailing.look().look();

    assertThat(tailing.events().steps())
        .containsExactly("0:1", "0:2", "1:1", "1:2", "0:1", "0:2", "1:1", "1:2", "1:3");
  }

  @Test
  void aLogThatIsReplacedByOneWithMoreIsReadOn() throws Exception {
    append(log, row(1) + row(2));
    tailing.look();
    Path next = folder.resolve("next");
    Files.writeString(next, row(1) + row(2) + row(3));
    Files.move(next, log, StandardCopyOption.REPLACE_EXISTING);
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3");
  }

  @Test
  void badLinesAreCountedAndToldAndEndNothing() throws Exception {
    append(log, "Epoch 1\n{\"step\":x}\n{\"loss\":1}\n{\"step\":-1}\n{\"step\":1.5}\n{\"step\":\n");
    append(log, row(1));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1");
    assertThat(tailing.summary().badLines()).isEqualTo(5);
    assertThat(tailing.notes()).hasSize(3);
    assertThat(tailing.notes().get(1))
        .isEqualTo(log + ": line 3: no field 'step'; allowed: an integer from 0 to 2^53");
    assertThat(tailing.notes().get(2)).contains("found '-1'; allowed: an integer from 0 to 2^53");
  }

  @Test
  void aLineThatIsTooLongIsPassedOver() throws Exception {
    append(log, row(1) + "{\"step\":2,\"x\":\"" + "x".repeat(LogFile.LONGEST_LINE));
    tailing.look();
    append(log, "x".repeat(LogFile.LONGEST_LINE / 2) + "\"}\n" + row(3));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:3");
    assertThat(tailing.notes()).singleElement().asString().contains("line 2: longer than");
  }

  @Test
  void readsOtherEncodingsOfLinesAsTheyCome() throws Exception {
    Files.write(log, ("\uFEFF" + row(1) + "\n\n").getBytes(StandardCharsets.UTF_8));
    Files.write(
        log,
        new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}', '\n'},
        StandardOpenOption.APPEND);
    append(log, row(2));
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2");
  }

  @Test
  void everyFileOfAFolderIsARun() throws Exception {
    tailing.close();
    append(log, row(1));
    append(folder.resolve("logs/notes.txt"), row(1));
    Files.createDirectories(folder.resolve("logs/b/version_0"));
    Files.createDirectories(folder.resolve("logs/.hidden"));
    append(folder.resolve("logs/b/version_0/metrics.jsonl"), row(2));
    append(folder.resolve("logs/b/c.jsonl"), row(3));
    append(folder.resolve("logs/.hidden/d.jsonl"), row(4));
    tailing = tailing(folder.resolve("logs"));
    tailing.look();

    assertThat(tailing.events().told())
        .filteredOn(text -> text.endsWith("StepCompleted"))
        .containsExactlyInAnyOrder(
            "a 0:1 StepCompleted", "b/version_0 0:2 StepCompleted", "b/c 0:3 StepCompleted");
  }

  @Test
  void twoFilesOfOneRunIdAreToldAndTheFirstIsFollowed() throws Exception {
    tailing.close();
    Files.createDirectories(folder.resolve("logs/a"));
    append(log, row(1));
    append(folder.resolve("logs/a/metrics.jsonl"), row(2));
    tailing = tailing(folder.resolve("logs"));
    tailing.look();

    assertThat(tailing.events().steps()).hasSize(1);
    assertThat(tailing.notes()).singleElement().asString().contains("its run id would be 'a'");
  }

  @Test
  void aRunIdStandsBeforeTheNamesInAFolder() throws Exception {
    append(log, row(1));
    Path metrics = folder.resolve("logs/metrics.jsonl");
    append(metrics, row(1));

    assertThat(LineLogs.jsonl(folder.resolve("logs"), "team", FieldNames.common(), 1).find())
        .extracting(LogSource.Found::runId)
        .containsExactly("team/a", "team");
    assertThat(LineLogs.jsonl(metrics, null, FieldNames.common(), 1).find())
        .extracting(LogSource.Found::runId)
        .containsExactly("logs");
  }

  @Test
  void rowsOfAnotherRunAreRefused() throws Exception {
    append(
        log,
        "{\"step\":1,\"run\":\"x\"}\n{\"step\":1,\"run\":\"y\"}\n{\"step\":2,\"run\":\"x\"}\n");
    tailing.look();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2");
    assertThat(tailing.notes()).singleElement().asString().contains("found 'y'");
  }

  @Test
  void saysAfterFiveMinutesAgainWhoTheRunIs() throws Exception {
    append(log, row(1));
    tailing.look();
    tailing.passMillis(Duration.ofMinutes(5).toMillis());
    append(log, row(2));
    tailing.look();

    assertThat(tailing.events().told())
        .containsExactly(
            "a 0:1 RunStarted", "a 0:1 StepCompleted", "a 0:2 RunStarted", "a 0:2 StepCompleted");
  }

  @Test
  void damagedPositionsAreNotTakenForNone() throws Exception {
    Path file = folder.resolve("positions.json");
    Files.writeString(file, "{\"version\":1,\"runs\":{\"a\"");
    assertThatIOException()
        .isThrownBy(() -> tailing.restart())
        .withMessageContaining("cannot read the positions in " + file);
    Files.writeString(file, "{\"version\":2,\"runs\":{}}");
    assertThatIOException()
        .isThrownBy(() -> tailing.restart())
        .withMessageContaining("version 2, allowed: 1");
    Files.delete(file);
    tailing.restart();
  }

  @Test
  void positionsAreHeldByOneAtATime() {
    assertThatIOException()
        .isThrownBy(() -> PositionStore.open(folder.resolve("positions.json")))
        .withMessageContaining("another agent");
  }

  @Test
  void positionsComeBackAsTheyWereKept() throws Exception {
    RunPosition position =
        new RunPosition(
            Map.of("/a b", new FileMark(1000, 20, 256, -7, 100, 9)),
            new io.gradwatch.traces.RunProgress(2, 5, true, List.of("l\u00e4yer")),
            io.gradwatch.traces.RunProgress.START,
            -3,
            "memory \"\n");
    try (PositionStore store = PositionStore.open(folder.resolve("deep/kept.json"))) {
      store.save(Map.of("run/1", position));
      store.save(Map.of("run/1", position));
      assertThat(store.load()).isEqualTo(Map.of("run/1", position));
    }
  }

  @Test
  void notesAreSparse() {
    List<String> told = new ArrayList<>();
    long[] nanos = {0};
    SparseNotes notes = new SparseNotes(told::add, () -> nanos[0]);
    for (int i = 0; i < 10; i++) {
      notes.tell("a", "a" + i);
    }
    notes.tell("b", "b");
    nanos[0] = Duration.ofMinutes(1).toNanos();
    notes.tell("a", "again");

    assertThat(told)
        .containsExactly("a0", "a1", "a2", "b", "again (and 7 more since the last such note)");
  }
}
