package io.gradwatch.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BodyTest {
  private static final int MOST = 100_000;

  private final Body body = new Body(MOST);
  private final MemoryBudget budget = new MemoryBudget(2 * MOST + 2);

  @Test
  void isReadUpToTheBoundAndNoByteFurther() throws Exception {
    assertThat(read(new byte[0], false)).isEmpty();
    assertThat(read(bytes(MOST), false)).isEqualTo(bytes(MOST));
    assertThat(read(gzip(bytes(MOST)), true)).isEqualTo(bytes(MOST));
    refused(Refusal.TOO_LARGE, bytes(MOST + 1), false);
    refused(Refusal.TOO_LARGE, gzip(bytes(MOST + 1)), true);
  }

  @Test
  void doesNotUnpackABomb() throws Exception {
    byte[] bomb = gzip(new byte[100 * MOST]);
    assertThat(bomb.length).isLessThan(MOST / 5);

    refused(Refusal.TOO_LARGE, bomb, true);
  }

  @Test
  void isRefusedWhenItIsManyGzipsInARow() {
    byte[] nothing = gzip(new byte[0]);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    while (many.size() < MOST - nothing.length) {
      many.writeBytes(nothing);
    }

    refused(Refusal.INVALID, many.toByteArray(), true);
  }

  @Test
  void mayHaveAHeaderWithAllThereIs() throws Exception {
    byte[] plain = gzip(bytes(1_000));
    ByteArrayOutputStream full = new ByteArrayOutputStream();
    full.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 + 4 + 8 + 16, 1, 2, 3, 4, 5, 6});
    full.writeBytes(new byte[] {3, 0, 'x', 'y', 'z'});
    full.writeBytes(new byte[] {'n', 0, 'c', 'c', 0, 7, 7});
    full.write(plain, 10, plain.length - 10);

    assertThat(read(full.toByteArray(), true)).isEqualTo(bytes(1_000));
    for (int length = 0; length < full.size(); length++) {
      refused(Refusal.INVALID, Arrays.copyOf(full.toByteArray(), length), true);
    }
  }

  @Test
  void isRefusedWhenItsSumIsAnother() {
    byte[] wrongSum = gzip(bytes(1_000));
    wrongSum[wrongSum.length - 8]++;
    byte[] wrongLength = gzip(bytes(1_000));
    wrongLength[wrongLength.length - 1]++;

    refused(Refusal.INVALID, wrongSum, true);
    refused(Refusal.INVALID, wrongLength, true);
  }

  @Test
  void isRefusedWhenItIsNoGzipOrNotAllOfOne() {
    byte[] whole = gzip(bytes(1_000));
    refused(Refusal.INVALID, bytes(10), true);
    refused(Refusal.INVALID, new byte[0], true);
    refused(Refusal.INVALID, Arrays.copyOf(whole, whole.length - 1), true);
  }

  @Test
  void takesNoMoreMemoryThanThereIsForAllAndGivesItBack() throws Exception {
    try (MemoryBudget.Share other = budget.share()) {
      assertThat(other.take(MOST + 2)).isTrue();
      refused(Refusal.BUSY, bytes(MOST), false);
    }

    assertThat(budget.taken()).isZero();
    assertThat(read(bytes(MOST), false)).hasSize(MOST);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void isPassedOverForAWhileOnly() throws IOException {
    Endless endless = new Endless();

    body.pass(endless);

    assertThat(endless.read).isBetween((long) MOST, 2L * MOST);
  }

  private byte[] read(byte[] sent, boolean gzip) throws IOException, RefusedException {
    try (MemoryBudget.Share share = budget.share()) {
      return body.read(new ByteArrayInputStream(sent), gzip, share);
    }
  }

  private void refused(Refusal refusal, byte[] sent, boolean gzip) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> read(sent, gzip))
        .satisfies(e -> assertThat(e.refusal()).isEqualTo(refusal));
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  /** Ones without end. */
  private static final class Endless extends InputStream {
    private long read;

    @Override
    public int read() {
      read++;
      return 1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      read += length;
      Arrays.fill(bytes, offset, offset + length, (byte) 1);
      return length;
    }
  }
}
