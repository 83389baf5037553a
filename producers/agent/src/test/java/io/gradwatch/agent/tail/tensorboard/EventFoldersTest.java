package io.gradwatch.agent.tail.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.agent.tail.Tailing;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.traces.FieldNames;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventFoldersTest {
  @TempDir Path folder;
  private Path runs;
  private Tailing tailing;

  @BeforeEach
  void start() throws Exception {
    runs = Files.createDirectories(folder.resolve("runs"));
    tailing = tailing(FieldNames.common());
  }

  @AfterEach
  void stop() throws Exception {
    tailing.close();
  }

  private Tailing tailing(FieldNames names) throws Exception {
    return new Tailing(new EventFolders(runs, null, names), folder.resolve("positions.json"));
  }

  private EventFile file(String path, double wallTime) throws Exception {
    Path file = runs.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return new EventFile(file, wallTime);
  }

  private EventFile file() throws Exception {
    return file("events.out.tfevents.1000.host.1.0", 1000);
  }

  @Test
  void readsAFileThatARealWriterWrote() throws Exception {
    URL real = Objects.requireNonNull(getClass().getResource("/tensorboard/real"));
    tailing.close();
    tailing =
        new Tailing(
            new EventFolders(Path.of(real.toURI()), null, FieldNames.common()),
            folder.resolve("positions.json"));
    tailing.lookLast();

    assertThat(tailing.events().told())
        .containsExactly(
            "real 0:0 RunStarted",
            "real 0:0 StepCompleted",
            "real 0:10 StepCompleted",
            "real 0:20 StepCompleted",
            "real 0:20 EvaluationCompleted",
            "real 0:30 StepCompleted",
            "real 0:40 StepCompleted");
    StepCompleted step = tailing.events().bodies().get(3);
    assertThat(step.getLoss()).isEqualTo((double) 2.7f);
    assertThat(step.getGradNorm()).isNaN();
    assertThat(step.getLearningRate()).isEqualTo((double) 5e-5f);
    assertThat(step.getMetrics()).isEqualTo(Map.of("train/accuracy", (double) 0.3f));
    assertThat(step.getUpdateSkipped()).isNull();
    assertThat(tailing.events().evaluations().get(0).getLoss()).isEqualTo(2.75);
    assertThat(tailing.events().all().get(1).getEmittedAt())
        .isBetween(1795335000000L, 1795336000000L);
    assertThat(tailing.notes()).isEmpty();
  }

  @Test
  void aStepIsWholeWhenTheNextBegins() throws Exception {
    EventFile file = file().scalar("Loss/train", 1, 2.5).scalar("lr", 1, 0.1);
    tailing.look();
    assertThat(tailing.events().steps()).isEmpty();

    file.scalar("Loss/train", 2, 2.25);
    tailing.look();
    assertThat(tailing.events().steps()).containsExactly("0:1");

    file.scalar("lr", 2, 0.1);
    tailing.look();
    assertThat(tailing.events().steps())
        .as("it has everything the one before had")
        .containsExactly("0:1", "0:2");
    assertThat(tailing.events().bodies()).extracting(StepCompleted::getLearningRate).hasSize(2);
  }

  @Test
  void aStepThatNothingFollowsIsPublishedAfterAWhile() throws Exception {
    file().scalar("loss", 1, 2.5);
    tailing.look();
    tailing.passMillis(EventFolder.QUIET_MILLIS - 1);
    tailing.look();
    assertThat(tailing.events().steps()).isEmpty();
    tailing.passMillis(1);
    tailing.look();
    assertThat(tailing.events().steps()).containsExactly("0:1");
  }

  @Test
  void scalarsOfAStepComeInAnyOrder() throws Exception {
    file()
        .scalar("acc", 1, 0.5)
        .scalar("lr", 1, 0.1)
        .scalar("loss", 1, 2.5)
        .scalar("acc", 2, 0.75)
        .scalar("loss", 2, 2.25)
        .scalar("lr", 2, 0.2);
    tailing.lookLast();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2");
    StepCompleted second = tailing.events().bodies().get(1);
    assertThat(second.getLearningRate()).isEqualTo((double) 0.2f);
    assertThat(second.getMetrics()).isEqualTo(Map.of("acc", 0.75));
  }

  @Test
  void readsScalarsOfTensorFlow2() throws Exception {
    byte[] packed = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.125).array();
    byte[] content = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(2.5f).array();
    byte[] two = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).array();
    file()
        .tensor(
            "loss",
            1,
            out -> {
              out.writeEnum(1, 1);
              out.writeByteArray(4, content);
            },
            "scalars")
        .tensor(
            "grad_norm",
            1,
            out -> {
              out.writeEnum(1, 1);
              out.writeFloat(5, 1.5f);
            },
            "")
        .tensor(
            "lr",
            1,
            out -> {
              out.writeEnum(1, 2);
              out.writeByteArray(6, packed);
            },
            "scalars")
        .tensor(
            "other",
            1,
            out -> {
              out.writeEnum(1, 1);
              out.writeByteArray(4, two);
            },
            "scalars")
        .tensor(
            "text",
            1,
            out -> {
              out.writeEnum(1, 7);
              out.writeByteArray(8, content);
            },
            "text")
        .tensor(
            "_hparams_/x",
            1,
            out -> {
              out.writeEnum(1, 1);
              out.writeFloat(5, 0);
            },
            "hparams");
    tailing.lookLast();

    StepCompleted step = tailing.events().bodies().get(0);
    assertThat(step.getLoss()).isEqualTo(2.5);
    assertThat(step.getGradNorm()).isEqualTo(1.5);
    assertThat(step.getLearningRate()).isEqualTo(0.125);
    assertThat(step.getMetrics()).isEmpty();
  }

  @Test
  void everyFolderWithEventFilesIsARun() throws Exception {
    file("events.out.tfevents.1000.host", 1).scalar("loss", 1, 1);
    file("a/version_0/events.out.tfevents.1000.host", 1).scalar("loss", 2, 1);
    file("b/events.out.tfevents.1000.host", 1).scalar("loss", 3, 1);
    Files.writeString(runs.resolve("b/notes.txt"), "no events");
    tailing.lookLast();

    assertThat(tailing.events().told())
        .filteredOn(text -> text.endsWith("StepCompleted"))
        .containsExactlyInAnyOrder(
            "runs 0:1 StepCompleted", "a/version_0 0:2 StepCompleted", "b 0:3 StepCompleted");
    assertThat(new EventFolders(runs, "team", FieldNames.common()).find())
        .extracting(found -> found.runId())
        .containsExactly("team", "team/a/version_0", "team/b");
  }

  @Test
  void filesOfARunAreReadInTheOrderOfTheirTimes() throws Exception {
    file("events.out.tfevents.2000.b", 2000).scalar("loss", 3, 1).scalar("loss", 4, 1);
    file("events.out.tfevents.1000.c", 1000).scalar("loss", 1, 1).scalar("loss", 2, 1);
    tailing.lookLast();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2", "0:3", "0:4");
  }

  @Test
  void aTagThatGoesBackIsTheNextAttempt() throws Exception {
    file("events.out.tfevents.1000.a", 1000)
        .scalar("loss", 10, 1)
        .scalar("loss", 20, 1)
        .scalar("loss", 30, 1);
    tailing.look();
    file("events.out.tfevents.2000.a", 2000).scalar("loss", 20, 1).scalar("loss", 30, 1);
    tailing.lookLast();

    assertThat(tailing.events().steps()).containsExactly("0:10", "0:20", "0:30", "1:20", "1:30");
  }

  @Test
  void aSessionThatStartsIsTheNextAttemptAlsoWhereNoStepGoesBack() throws Exception {
    file("events.out.tfevents.1000.a", 1000).session(1, 0).scalar("loss", 10, 1);
    tailing.look();
    file("events.out.tfevents.2000.a", 2000).session(1, 11).scalar("loss", 20, 1);
    tailing.lookLast();

    assertThat(tailing.events().told())
        .containsExactly(
            "runs 0:10 RunStarted",
            "runs 0:10 StepCompleted",
            "runs 1:20 RunStarted",
            "runs 1:20 StepCompleted");
  }

  @Test
  void anAttemptOutlivesTheAgentAlsoBeforeItsFirstStep() throws Exception {
    EventFile file = file().scalar("loss", 10, 1).scalar("loss", 20, 1).scalar("loss", 10, 1);
    tailing.look().restart().look();
    file.scalar("loss", 20, 1).scalar("loss", 30, 1);
    tailing.look().restart();
    file.scalar("loss", 40, 1);
    tailing.lookLast();

    assertThat(tailing.events().steps())
        .containsExactly("0:10", "0:20", "1:10", "1:20", "1:30", "1:40");
  }

  @Test
  void tagsThatCountOtherThingsAreNoStepsAndNoAttempts() throws Exception {
    file()
        .scalar("loss", 100, 1)
        .scalar("lm loss vs samples", 51_200, 1)
        .scalar("epoch time", 1, 60)
        .scalar("loss", 200, 1)
        .scalar("val_loss", 1, 2.5)
        .scalar("loss", 300, 1);
    tailing.lookLast();

    assertThat(tailing.events().steps()).containsExactly("0:100", "0:200", "0:300");
    assertThat(tailing.events().evaluations()).hasSize(1);
    assertThat(tailing.events().evaluations().get(0).getLoss()).isEqualTo(2.5);
  }

  @Test
  void aRuleMapsTags() throws Exception {
    tailing.close();
    tailing = tailing(FieldNames.common().with(tag -> tag.matches("model/.*norm"), "grad_norm"));
    file().scalar("loss", 1, 2.5).scalar("model/2norm", 1, 7);
    tailing.lookLast();

    assertThat(tailing.events().bodies().get(0).getGradNorm()).isEqualTo(7);
  }

  @Test
  void waitsForTheRestOfAFrame() throws Exception {
    EventFile file = file().scalar("loss", 1, 1);
    byte[] frame = EventFile.frame(file.simple("loss", 2, 1));
    int written = 0;
    for (int cut : new int[] {3, 11, 13, frame.length - 1}) {
      file.write(Arrays.copyOfRange(frame, written, cut));
      written = cut;
      tailing.look();
      assertThat(tailing.events().steps()).isEmpty();
    }
    file.write(Arrays.copyOfRange(frame, written, frame.length));
    tailing.look();
    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2");
    assertThat(tailing.notes()).isEmpty();
  }

  @Test
  void dataThatDoesNotMatchItsChecksumIsPassedOverOnceMoreFollows() throws Exception {
    EventFile file = file().scalar("loss", 1, 1);
    byte[] damaged = EventFile.frame(file.simple("loss", 2, 1));
    damaged[20] ^= 1;
    file.write(damaged);
    tailing.look();
    assertThat(tailing.notes()).isEmpty();

    file.scalar("loss", 3, 1);
    tailing.lookLast();
    assertThat(tailing.events().steps()).containsExactly("0:1", "0:3");
    assertThat(tailing.notes()).singleElement().asString().contains("checksum; passed over");
  }

  @Test
  void whatIsNoFrameEndsItsFileAndNoOther() throws Exception {
    file("events.out.tfevents.1000.a", 1000)
        .scalar("loss", 1, 1)
        .write(new byte[100])
        .scalar("loss", 2, 1);
    tailing.look().look();
    file("events.out.tfevents.2000.a", 2000).scalar("loss", 3, 1);
    tailing.lookLast();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:3");
    assertThat(tailing.notes()).singleElement().asString().contains("found no length");
  }

  @Test
  void anAbsurdLengthIsWaitedForAndAForeignRecordPassedOver() throws Exception {
    byte[] absurd = EventFile.frame(new byte[0]);
    ByteBuffer.wrap(absurd).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE - 8);
    ByteBuffer.wrap(absurd).order(ByteOrder.LITTLE_ENDIAN).putInt(8, MaskedCrc.of(absurd, 0, 8));
    file("a/events.out.tfevents.1", 1).scalar("loss", 1, 1).write(absurd);
    file("b/events.out.tfevents.1", 1)
        .append(new byte[] {0x2a, 0x7f})
        .append(new byte[FrameReader.LONGEST_DATA + 1])
        .scalar("loss", 2, 1);
    tailing.lookLast();

    assertThat(tailing.events().steps()).containsExactly("0:1", "0:2");
    assertThat(tailing.notes()).singleElement().asString().contains("no record of TensorBoard");
  }

  @Test
  void aValueThatItsFieldDoesNotAllowIsTold() throws Exception {
    file().scalar("loss", 1, 1).scalar("skipped", 1, -1).scalar("loss", -5, 1);
    tailing.lookLast();

    assertThat(tailing.events().steps()).containsExactly("0:1");
    assertThat(tailing.notes())
        .singleElement()
        .asString()
        .contains("tag 'skipped': found -1.0 at step 1; allowed: a count");
  }

  @SuppressWarnings("unused") // @MethodSource
  private static LongStream seeds() {
    return LongStream.range(0, 25);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyStepArrivesInItsOrderOnceHoweverItIsCutAndRestarted(long seed) throws Exception {
    Random random = new Random(seed);
    Path source = folder.resolve("source");
    EventFile writer = new EventFile(source, 1);
    for (long step = 1; step <= 60; step++) {
      writer.scalar("loss", step, (double) step).scalar("lr", step, 0.5);
      if (step % 7 == 0) {
        writer.scalar("grad_norm", step, 1);
      }
    }
    byte[] bytes = Files.readAllBytes(source);
    Path target = runs.resolve("events.out.tfevents.1");
    for (int position = 0; position < bytes.length; ) {
      int next = Math.min(bytes.length, position + 1 + random.nextInt(200));
      Files.write(
          target,
          Arrays.copyOfRange(bytes, position, next),
          java.nio.file.StandardOpenOption.CREATE,
          java.nio.file.StandardOpenOption.APPEND);
      position = next;
      switch (random.nextInt(4)) {
        case 0 -> tailing.restart();
        case 1 -> tailing.look();
        default -> {}
      }
    }
    tailing.lookLast();

    assertThat(tailing.events().steps())
        .isEqualTo(LongStream.rangeClosed(1, 60).mapToObj(step -> "0:" + step).toList());
    assertThat(tailing.events().bodies())
        .allMatch(body -> body.getLoss() != null && body.getLearningRate() != null);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aRecordThatIsDamagedAnyhowIsReadOrRefused(long seed) throws Exception {
    Random random = new Random(seed);
    EventFile writer = new EventFile(folder.resolve("source"), 1);
    byte[] scalar = writer.simple("loss", 7, 2.5);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = Arrays.copyOf(scalar, scalar.length - random.nextInt(scalar.length));
      for (int j = random.nextInt(4); j > 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(RecordDecoder.decode(damaged).scalars()).hasSizeLessThan(20);
      } catch (java.io.IOException e) {
        assertThat(e).isInstanceOf(com.google.protobuf.InvalidProtocolBufferException.class);
      }
    }
  }
}
