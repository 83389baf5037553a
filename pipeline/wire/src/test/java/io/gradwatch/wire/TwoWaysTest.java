package io.gradwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading by hand and reading through the library come to the same, whatever the bytes are. */
class TwoWaysTest {
  private static final int EVENTS = 60;
  private static final int MUTATIONS = 20;

  @ParameterizedTest
  @MethodSource("io.gradwatch.wire.Seeds#hundred")
  void agreeOnEveryEvent(long seed) {
    RandomEvents events = new RandomEvents(seed);
    int read = 0;
    for (int i = 0; i < EVENTS; i++) {
      TrainingEvent event = events.next();
      byte[] value = Outcome.CODEC.encode(event);
      Outcome byHand = Outcome.byHand(value);
      assertThat(byHand.event()).as("%s", event).isEqualTo(Outcome.byLibrary(value).event());
      assertThat(Outcome.of(value)).isEqualTo(byHand);
      assertThat(Outcome.of(() -> EventMapper.toCore("default", event)).event())
          .as("%s", event)
          .isEqualTo(byHand.event());
      read += byHand.refused() ? 0 : 1;
    }
    assertThat(read).as("events that are fine").isBetween(EVENTS / 3, EVENTS);
  }

  @ParameterizedTest
  @MethodSource("io.gradwatch.wire.Seeds#hundred")
  void agreeOnEventsWrittenInSmallBlocks(long seed) throws IOException {
    RandomEvents events = new RandomEvents(seed);
    for (int i = 0; i < EVENTS; i++) {
      TrainingEvent event = events.next();
      Outcome blocks = Outcome.byHand(inSmallBlocks(event));
      assertThat(blocks).as("%s", event).isEqualTo(Outcome.byHand(Outcome.CODEC.encode(event)));
      assertThat(blocks.event()).isEqualTo(Outcome.byLibrary(inSmallBlocks(event)).event());
    }
  }

  @ParameterizedTest
  @MethodSource("io.gradwatch.wire.Seeds#hundred")
  void refuseEveryTruncation(long seed) {
    TrainingEvent event = new RandomEvents(seed).next();
    byte[] value = Outcome.CODEC.encode(event);
    for (int length = 0; length < value.length; length++) {
      byte[] truncated = Arrays.copyOf(value, length);
      assertThat(Outcome.byLibrary(truncated).refused()).as("%s at %s", event, length).isTrue();
      assertThat(Outcome.of(truncated).refused()).as("%s at %s", event, length).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("io.gradwatch.wire.Seeds#hundred")
  void agreeOnMutations(long seed) throws IOException {
    Random random = new Random(seed);
    RandomEvents events = new RandomEvents(seed);
    for (int i = 0; i < EVENTS; i++) {
      TrainingEvent event = events.next();
      byte[] value = i % 4 == 0 ? inSmallBlocks(event) : Outcome.CODEC.encode(event);
      for (int j = 0; j < MUTATIONS; j++) {
        byte[] mutated = mutate(value, random);
        Outcome byHand = Outcome.byHand(mutated);
        Outcome byLibrary = Outcome.byLibrary(mutated);
        if (byHand.refused() && !byLibrary.refused()) {
          assertThat(byHand.reason())
              .as("%s: %s", HexFormat.of().formatHex(mutated), byHand.message())
              .isIn(EventFuzz.STRICTER);
        } else {
          assertThat(byHand.event())
              .as("%s: %s", HexFormat.of().formatHex(mutated), byLibrary.message())
              .isEqualTo(byLibrary.event());
        }
      }
    }
  }

  /** The same event with its arrays and maps in blocks of at most 64 bytes that tell their size. */
  private static byte[] inSmallBlocks(TrainingEvent event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(Outcome.CODEC.encode(event), 0, 10);
    BinaryEncoder encoder =
        new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null);
    new SpecificDatumWriter<>(TrainingEvent.class).write(event, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /**
   * One to four changes after the framing: a bit, a byte, a run of the same byte, a cut, a tail.
   */
  private static byte[] mutate(byte[] value, Random random) {
    byte[] mutated = value.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = 10 + random.nextInt(mutated.length - 10);
      switch (random.nextInt(10)) {
        case 0 -> mutated = Arrays.copyOf(mutated, Math.max(at, 11));
        case 1 -> mutated = Arrays.copyOf(mutated, mutated.length + 1 + random.nextInt(9));
        case 2 ->
            Arrays.fill(
                mutated, at, Math.min(mutated.length, at + 1 + random.nextInt(10)), (byte) -1);
        case 3, 4 -> mutated[at] = (byte) random.nextInt(6);
        case 5, 6 -> mutated[at] = (byte) random.nextInt();
        default -> mutated[at] ^= (byte) (1 << random.nextInt(8));
      }
    }
    return mutated;
  }
}
