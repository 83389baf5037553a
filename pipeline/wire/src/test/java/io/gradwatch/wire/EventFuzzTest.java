package io.gradwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The seconds of fuzzing that every build has: the frozen bytes of all records, cut everywhere,
 * changed at every byte, and rows of changed events. The minutes are in this module's README.
 */
class EventFuzzTest {
  private static final Path GOLDEN = Path.of("../../schemas/src/test/resources/golden");
  private static final int ROWS = 40;
  private static final int EVENTS = 8;

  static List<Path> golden() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void everyTruncationOfTheFrozenBytesIsReadOrRefused(Path file) throws IOException {
    byte[] value = Files.readAllBytes(file);
    for (int length = 0; length <= value.length; length++) {
      fuzz(List.of(Arrays.copyOf(value, length)));
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void everyByteOfTheFrozenBytesMayBeAnother(Path file) throws IOException {
    byte[] value = Files.readAllBytes(file);
    for (int at = 0; at < value.length; at++) {
      for (int change : new int[] {1, 2, 0x40, 0x80, 0xFF}) {
        byte[] changed = value.clone();
        changed[at] ^= (byte) change;
        fuzz(List.of(changed));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.gradwatch.wire.Seeds#hundred")
  void rowsOfChangedEventsPassTheMonitor(long seed) {
    Random random = new Random(seed);
    RandomEvents events = new RandomEvents(seed);
    for (int row = 0; row < ROWS; row++) {
      List<byte[]> values = new ArrayList<>();
      for (int i = 0; i < EVENTS; i++) {
        TrainingEvent event = events.next();
        byte[] value = Outcome.CODEC.encode(event);
        if (random.nextInt(4) == 0) {
          value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
        }
        values.add(value);
      }
      fuzz(values);
    }
  }

  @Test
  void anInputIsARowOfValues() {
    List<byte[]> values = List.of(new byte[0], new byte[] {1, 2}, new byte[300]);
    assertThat(EventFuzz.values(EventFuzz.input(values)))
        .usingRecursiveComparison()
        .isEqualTo(values);
    assertThat(EventFuzz.values(new byte[] {9, 0, 1})).containsExactly(new byte[] {1});
  }

  /** What the fuzzer starts from: written where its command looks for it. */
  @Test
  void writesTheCorpusOfTheFuzzer(@TempDir Path folder) throws IOException {
    Path corpus = Path.of(System.getProperty("gradwatch.fuzz.corpus", folder.toString()));
    Files.createDirectories(corpus);
    for (Path file : golden()) {
      write(corpus.resolve(file.getFileName()), List.of(Files.readAllBytes(file)));
    }
    for (long seed = 1; seed <= 20; seed++) {
      RandomEvents events = new RandomEvents(seed);
      List<byte[]> row =
          Stream.generate(() -> Outcome.CODEC.encode(events.next())).limit(EVENTS).toList();
      write(corpus.resolve("row-" + seed), row);
    }
    try (Stream<Path> written = Files.list(corpus)) {
      assertThat(written).hasSizeGreaterThan(30);
    }
  }

  private static void write(Path file, List<byte[]> values) throws IOException {
    Files.write(file, EventFuzz.input(values));
  }

  /** Through the fuzzer's own door. */
  private static void fuzz(List<byte[]> values) {
    EventFuzz.fuzzerTestOneInput(EventFuzz.input(values));
  }
}
