package io.gradwatch.agent.tail.tensorboard;

import java.util.zip.CRC32C;

/**
 * The checksum of TFRecord files: CRC32C, turned by 15 bits and moved by a constant, as {@code
 * tensorflow/core/lib/hash/crc32c.h} has it.
 */
final class MaskedCrc {
  private static final int MASK_DELTA = 0xa282ead8;

  private MaskedCrc() {}

  static int of(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }
}
