package io.gradwatch.agent.tail.tensorboard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a TFRecord file from a place on: 8 bytes of length, their checksum, the data,
 * its checksum, all little-endian. A frame whose end is not written yet is no frame yet.
 */
final class FrameReader implements Closeable {
  /** Longest data that is read; what is longer (a picture, a graph) is passed over. */
  static final int LONGEST_DATA = 1 << 24;

  private static final int HEADER = 12;
  private static final int FOOTER = 4;
  private static final int BLOCK = 1 << 16;

  private final Path path;
  private final FileChannel file;
  private ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
  private long blockOffset;
  private long offset;
  private long damaged;

  FrameReader(Path path, long offset) throws IOException {
    this.path = path;
    this.file = FileChannel.open(path, StandardOpenOption.READ);
    this.offset = offset;
    this.blockOffset = offset;
  }

  /** Where the next frame begins. */
  long offset() {
    return offset;
  }

  /** Frames passed over because their data does not match its checksum. */
  long damaged() {
    return damaged;
  }

  /**
   * The data of the next frame.
   *
   * @return null when there is none (yet)
   * @throws FrameFormatException when what comes next is no frame
   */
  byte @Nullable [] next() throws IOException {
    while (true) {
      ByteBuffer header = bytes(offset, HEADER);
      if (header == null) {
        return null;
      }
      long length = header.getLong(0);
      if (header.getInt(8) != MaskedCrc.of(copy(header, 8), 0, 8) || length < 0) {
        throw new FrameFormatException(
            "%s: byte %d: found no length with its checksum; allowed: a frame of a TFRecord file"
                .formatted(path, offset));
      }
      long end = offset + HEADER + length + FOOTER;
      if (end < 0 || end > file.size()) {
        return null;
      }
      byte[] data = length > LONGEST_DATA ? null : data((int) length);
      boolean isLast = end == file.size();
      if (data == null && length <= LONGEST_DATA) {
        if (isLast) {
          return null; // it may still be written
        }
        damaged++;
      }
      offset = end;
      if (data != null) {
        return data;
      }
    }
  }

  /** The data of the frame at the offset; null when it does not match its checksum. */
  private byte @Nullable [] data(int length) throws IOException {
    ByteBuffer all = bytes(offset + HEADER, length + FOOTER);
    if (all == null) {
      return null;
    }
    byte[] data = copy(all, length);
    return all.getInt(length) == MaskedCrc.of(data, 0, length) ? data : null;
  }

  /** Bytes of the file, through a block that is read ahead; null when it ends before. */
  private @Nullable ByteBuffer bytes(long from, int length) throws IOException {
    long inBlock = from - blockOffset;
    if (inBlock < 0 || inBlock + length > block.limit()) {
      block = ByteBuffer.allocate(Math.max(BLOCK, length));
      int count = 1;
      while (block.hasRemaining() && count > 0) {
        count = file.read(block, from + block.position());
      }
      block.flip();
      blockOffset = from;
      inBlock = 0;
    }
    return inBlock + length > block.limit()
        ? null
        : block.slice((int) inBlock, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] copy(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(0, bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
