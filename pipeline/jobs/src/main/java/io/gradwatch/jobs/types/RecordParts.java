package io.gradwatch.jobs.types;

import io.gradwatch.jobs.records.RecordHeader;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.types.StringValue;
import org.jspecify.annotations.Nullable;

/** The parts that Kafka records are made of, as bytes. */
final class RecordParts {
  private static final int ABSENT = -1;

  private RecordParts() {}

  static void writeBytes(byte @Nullable [] bytes, DataOutput out) throws IOException {
    if (bytes == null) {
      out.writeInt(ABSENT);
    } else {
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  static byte @Nullable [] readBytes(DataInput in) throws IOException {
    int length = in.readInt();
    if (length == ABSENT) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  static void writeHeaders(List<RecordHeader> headers, DataOutput out) throws IOException {
    out.writeInt(headers.size());
    for (RecordHeader header : headers) {
      StringValue.writeString(header.name(), out);
      writeBytes(header.value(), out);
    }
  }

  static List<RecordHeader> readHeaders(DataInput in) throws IOException {
    int size = in.readInt();
    List<RecordHeader> headers = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      headers.add(new RecordHeader(StringValue.readString(in), readBytes(in)));
    }
    return headers;
  }
}
