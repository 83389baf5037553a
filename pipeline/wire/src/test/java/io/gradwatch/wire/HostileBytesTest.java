package io.gradwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.schemas.Limits;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.wire.UndecodableException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that nobody's encoder writes. */
class HostileBytesTest {
  /**
   * The densest input is histogram counts and empty layer names: a byte of input, an object out.
   */
  private static final int ALLOCATED_PER_BYTE = 64;

  private static final int ALLOCATED_ANYWAY = 32 * 1024;

  private static final int STEP_SCALARS = 9;
  private static final int LAYER_SERIES = 4;

  @Test
  void refusesNothing() {
    assertRefused(null, Reason.EMPTY, "the value is null");
    assertRefused(new byte[0], Reason.EMPTY, "the value has no bytes");
  }

  @Test
  void refusesMoreThanHalfAMebibyteAndNotLess() {
    byte[] most = Arrays.copyOf(AvroBytes.framing().toArray(), Limits.MAX_RECORD_BYTES);
    assertThat(Outcome.of(most).reason()).isEqualTo(Reason.INVALID_RUN_ID);
    byte[] more = Arrays.copyOf(most, Limits.MAX_RECORD_BYTES + 1);
    assertRefused(more, Reason.TOO_LARGE, "the value has 524289 bytes, more than 524288");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"run\": \"a\", \"step\": 1}", "run,step,loss", "\n\u0005hello", "É", "x"})
  void refusesOtherFormats(String text) {
    assertThat(Outcome.of(text.getBytes(StandardCharsets.UTF_8)).reason())
        .isEqualTo(Reason.UNKNOWN_FRAMING);
  }

  @Test
  void refusesWhatIsShorterThanItsFraming() {
    byte[] header = AvroBytes.framing().toArray();
    for (int length = 2; length < header.length; length++) {
      assertThat(Outcome.of(Arrays.copyOf(header, length)).reason()).isEqualTo(Reason.TRUNCATED);
    }
    for (int length = 1; length < 5; length++) {
      assertThat(Outcome.of(new byte[length]).reason()).isEqualTo(Reason.TRUNCATED);
    }
    assertThat(Outcome.of(new byte[] {(byte) 0xC3}).reason()).isEqualTo(Reason.UNKNOWN_FRAMING);
    assertThat(Outcome.of(new byte[] {(byte) 0xC3, 2, 0, 0}).reason())
        .isEqualTo(Reason.UNKNOWN_FRAMING);
  }

  @Test
  void refusesCompressedEvents() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(AvroBytes.envelope().varint(7).toArray());
    }
    assertThat(Outcome.of(zipped.toByteArray()).reason()).isEqualTo(Reason.UNKNOWN_FRAMING);
  }

  @Test
  void refusesConfluentFramingWithoutARegistry() {
    assertRefused(
        new byte[] {0, 0, 0, 0, 9, 1, 2},
        Reason.UNKNOWN_SCHEMA,
        "schema id is 9, and no registry is configured");
  }

  @Test
  void refusesTheRecordsOfOtherTopics() {
    byte[] alarm =
        RecordCodec.of(DivergenceAlarm.class).encode(DivergenceAlarm.newBuilder().build());
    assertThat(Outcome.of(alarm).reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
    assertThat(Outcome.of(alarm).message()).contains("no known version of TrainingEvent");
  }

  @Test
  void refusesTrailingBytes() {
    byte[] value = AvroBytes.envelope().varint(7).raw(0).toArray();
    assertRefused(value, Reason.TRAILING_BYTES, "1 bytes follow the TrainingEvent");
  }

  @Test
  void refusesVarintsBeyondTheirType() {
    AvroBytes attemptOfSixBytes =
        AvroBytes.framing().text("r").raw(0x80, 0x80, 0x80, 0x80, 0x80, 0x00);
    assertRefused(
        attemptOfSixBytes.toArray(),
        Reason.MALFORMED,
        "attempt is a varint of more than 32 bits, must be an int");
    AvroBytes attemptOf33Bits = AvroBytes.framing().text("r").raw(0x80, 0x80, 0x80, 0x80, 0x10);
    assertThat(Outcome.of(attemptOf33Bits.toArray()).reason()).isEqualTo(Reason.MALFORMED);
    AvroBytes stepOf65Bits =
        AvroBytes.framing()
            .text("r")
            .varint(0)
            .raw(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02);
    assertRefused(
        stepOf65Bits.toArray(),
        Reason.MALFORMED,
        "step is a varint of more than 64 bits, must be a long");
  }

  @Test
  void readsTheLongestVarintsOfTheirType() {
    AvroBytes value = AvroBytes.framing().text("r").varint(Integer.MAX_VALUE).varint(1L << 53);
    value.varint(Long.MIN_VALUE).varint(0).varint(7);
    assertThat(Outcome.of(value.toArray()).event()).contains("2147483647", "9007199254740992");
  }

  @Test
  void refusesLengthsThatTheBytesCannotHold() {
    assertRefused(
        AvroBytes.framing().varint(Long.MAX_VALUE).raw(65).toArray(),
        Reason.TRUNCATED,
        "run_id needs 9223372036854775807 bytes at 20, 1 are left");
    assertThat(Outcome.of(AvroBytes.framing().varint(-1).toArray()).reason())
        .isEqualTo(Reason.MALFORMED);
    assertThat(Outcome.of(AvroBytes.framing().varint(1L << 31).raw(65).toArray()).reason())
        .isEqualTo(Reason.TRUNCATED);
    assertThat(Outcome.of(layerNorms().varint(1L << 31).raw(65).toArray()).reason())
        .isEqualTo(Reason.TRUNCATED);
    AvroBytes layers = AvroBytes.step().absent(STEP_SCALARS).varint(1).varint(16_384);
    assertThat(Outcome.of(layers.toArray()).reason()).isEqualTo(Reason.TRUNCATED);
  }

  @Test
  void refusesBlocksThatCannotBe() {
    AvroBytes negative = layerNorms().varint(Long.MIN_VALUE).varint(4).bits32(0);
    assertThat(Outcome.of(negative.toArray()).reason()).isEqualTo(Reason.MALFORMED);
    AvroBytes negativeSize = layerNorms().varint(-1).varint(-4).bits32(0);
    assertThat(Outcome.of(negativeSize.toArray()).reason()).isEqualTo(Reason.MALFORMED);
    AvroBytes otherSize = layerNorms().varint(-1).varint(5).bits32(0).varint(0).absent(4).varint(0);
    assertThat(Outcome.of(otherSize.toArray()).reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void readsBlocksThatTellTheirSize() {
    AvroBytes value = layerNorms().varint(-1).varint(4).bits32(0).varint(0).absent(4).varint(0);
    assertThat(Outcome.of(value.toArray()).event()).contains("GRAD_NORM=, 0]");
  }

  @Test
  void refusesBooleansThatAreNeither() {
    AvroBytes value = AvroBytes.step().absent(5).varint(1).raw(2);
    assertRefused(
        value.toArray(),
        Reason.MALFORMED,
        "update_skipped is the byte 2, must be the boolean 0 or 1");
  }

  @Test
  void refusesBranchesThatAreNone() {
    assertRefused(
        AvroBytes.envelope().varint(8).toArray(),
        Reason.MALFORMED,
        "body is choice 8, must be 0 to 7");
    assertThat(Outcome.of(AvroBytes.envelope().varint(-1).toArray()).reason())
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  void refusesTextThatIsNotUtf8ButNotTheReplacementCharacter() {
    AvroBytes latin1 = AvroBytes.framing().varint(2).raw('r', 0xE9);
    assertRefused(latin1.toArray(), Reason.INVALID_TEXT, "run_id is not UTF-8, must be UTF-8");
    AvroBytes halfACharacter = AvroBytes.framing().varint(3).raw(0xED, 0xA0, 0xBD);
    assertThat(Outcome.of(halfACharacter.toArray()).reason()).isEqualTo(Reason.INVALID_TEXT);
    AvroBytes twoBytesForNul = AvroBytes.framing().varint(2).raw(0xC0, 0x80);
    assertThat(Outcome.of(twoBytesForNul.toArray()).reason()).isEqualTo(Reason.INVALID_TEXT);
    AvroBytes replacement =
        AvroBytes.framing().text("r\uFFFD").varint(0).varint(0).varint(0).varint(0).varint(7);
    assertThat(Outcome.of(replacement.toArray()).event()).contains("r\uFFFD");
  }

  @Test
  void makesOneNaNOfAllAndOneZeroOfBoth() {
    AvroBytes value =
        AvroBytes.step()
            .varint(1)
            .bits64(0xFFF4_DEAD_BEEF_0001L)
            .varint(1)
            .bits64(Double.doubleToRawLongBits(-0.0))
            .absent(STEP_SCALARS - 2)
            .varint(1)
            .varint(2)
            .bits32(0xFFA0_0001)
            .bits32(Float.floatToRawIntBits(-0.0f))
            .varint(0)
            .absent(LAYER_SERIES - 1 + 1)
            .varint(0);
    assertThat(Outcome.of(value.toArray()).event())
        .contains("[LOSS=7ff8000000000000, GRAD_NORM=0, GRAD_NORM=, 7fc00000, 0]");
    assertThat(Outcome.byLibrary(value.toArray())).isEqualTo(Outcome.of(value.toArray()));
  }

  @ParameterizedTest
  @MethodSource("io.gradwatch.wire.Seeds#hundred")
  void allocatesNoMoreThanTheBytesJustify(long seed) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      byte[] value = hostile(random);
      long before = threads.getCurrentThreadAllocatedBytes();
      Outcome.byHand(value);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated)
          .as("allocated for %s bytes", value.length)
          .isLessThan(ALLOCATED_ANYWAY + (long) ALLOCATED_PER_BYTE * value.length);
    }
  }

  /** The start of an event, then counts and lengths of any size, then noise. */
  private static byte[] hostile(Random random) {
    AvroBytes value =
        switch (random.nextInt(4)) {
          case 0 -> AvroBytes.framing();
          case 1 -> AvroBytes.envelope().varint(1).text("").text("");
          case 2 -> layerNorms();
          default -> AvroBytes.step().absent(STEP_SCALARS + LAYER_SERIES + 1);
        };
    value.varint(random.nextLong() >> random.nextInt(64));
    byte[] noise = new byte[random.nextInt(20_000)];
    if (random.nextBoolean()) {
      random.nextBytes(noise);
    }
    for (byte b : noise) {
      value.raw(b);
    }
    return value.toArray();
  }

  /** A step of which only the layers' gradient norms are present; their array follows. */
  private static AvroBytes layerNorms() {
    return AvroBytes.step().absent(STEP_SCALARS).varint(1);
  }

  private static void assertRefused(byte[] value, Reason reason, String message) {
    assertThat(Outcome.of(value)).isEqualTo(new Outcome(null, reason, message));
  }
}
