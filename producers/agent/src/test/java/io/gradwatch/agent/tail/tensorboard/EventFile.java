package io.gradwatch.agent.tail.tensorboard;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An event file written by hand, frame by frame. */
final class EventFile {
  /** Writes a message. */
  interface Body {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private final Path path;
  private double wallTime;

  EventFile(Path path, double wallTime) {
    this.path = path;
    this.wallTime = wallTime;
    append(
        event(
            0, out -> out.writeByteArray(3, "brain.Event:2".getBytes(StandardCharsets.US_ASCII))));
  }

  /** A scalar as PyTorch writes it. */
  EventFile scalar(String tag, long step, double value) {
    return append(simple(tag, step, value));
  }

  /** One second passes. */
  EventFile pass(double seconds) {
    wallTime += seconds;
    return this;
  }

  byte[] simple(String tag, long step, double value) {
    return summary(tag, step, out -> out.writeFloat(2, (float) value));
  }

  /** A scalar as TensorFlow 2 writes it. */
  EventFile tensor(String tag, long step, Body tensor, String plugin) {
    return append(
        summary(
            tag,
            step,
            out -> {
              out.writeByteArray(8, message(tensor));
              if (!plugin.isEmpty()) {
                byte[] data = message(o -> o.writeString(1, plugin));
                out.writeByteArray(9, message(o -> o.writeByteArray(1, data)));
              }
            }));
  }

  EventFile session(int status, long step) {
    byte[] log = message(out -> out.writeEnum(1, status));
    return append(event(step, out -> out.writeByteArray(7, log)));
  }

  EventFile append(byte[] data) {
    return write(frame(data));
  }

  EventFile write(byte[] bytes) {
    try {
      Files.write(path, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] frame(byte[] data) {
    ByteBuffer out = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(data.length);
    out.putInt(MaskedCrc.of(out.array(), 0, 8));
    out.put(data);
    return out.putInt(MaskedCrc.of(data, 0, data.length)).array();
  }

  static byte[] message(Body body) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      body.writeTo(out);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] summary(String tag, long step, Body value) {
    byte[] all =
        message(
            out -> {
              out.writeString(1, tag);
              value.writeTo(out);
            });
    byte[] summary = message(out -> out.writeByteArray(1, all));
    return event(step, out -> out.writeByteArray(5, summary));
  }

  private byte[] event(long step, Body body) {
    return message(
        out -> {
          out.writeDouble(1, wallTime);
          out.writeInt64(2, step);
          body.writeTo(out);
        });
  }
}
