package io.gradwatch.agent.tail.tensorboard;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the messages of TensorBoard by their field numbers ({@code
 * tensorboard/compat/proto/event.proto}, {@code summary.proto}, {@code tensor.proto}, {@code
 * types.proto}). Scalars are numbers under {@code simple_value} (PyTorch, TensorFlow 1) or tensors
 * of one element (TensorFlow 2, Keras). Everything else is passed over.
 */
final class RecordDecoder {
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_SUMMARY = 5;
  private static final int EVENT_SESSION_LOG = 7;
  private static final int SESSION_STATUS = 1;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;
  private static final int VALUE_TENSOR = 8;
  private static final int VALUE_METADATA = 9;
  private static final int METADATA_PLUGIN_DATA = 1;
  private static final int PLUGIN_NAME = 1;
  private static final int TENSOR_DTYPE = 1;
  private static final int TENSOR_CONTENT = 4;
  private static final int TENSOR_FLOATS = 5;
  private static final int TENSOR_DOUBLES = 6;
  private static final int DT_FLOAT = 1;
  private static final int DT_DOUBLE = 2;
  private static final String SCALARS = "scalars";

  private RecordDecoder() {}

  /**
   * Decodes a record.
   *
   * @throws IOException when it is none
   */
  static LogRecord decode(byte[] data) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(data);
    double wallTime = 0;
    long step = 0;
    LogRecord.Session session = LogRecord.Session.NONE;
    List<LogRecord.Scalar> scalars = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field == EVENT_WALL_TIME && isFixed64(tag)) {
        wallTime = in.readDouble();
      } else if (field == EVENT_STEP && isVarint(tag)) {
        step = in.readInt64();
      } else if (field == EVENT_SUMMARY && isMessage(tag)) {
        summary(in.readByteArray(), scalars);
      } else if (field == EVENT_SESSION_LOG && isMessage(tag)) {
        session = session(in.readByteArray());
      } else {
        in.skipField(tag);
      }
    }
    return new LogRecord(wallTime, step, session, List.copyOf(scalars));
  }

  private static LogRecord.Session session(byte[] data) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(data);
    LogRecord.Session session = LogRecord.Session.NONE;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == SESSION_STATUS && isVarint(tag)) {
        session =
            switch (in.readEnum()) {
              case 1 -> LogRecord.Session.START;
              case 2 -> LogRecord.Session.STOP;
              case 3 -> LogRecord.Session.CHECKPOINT;
              default -> LogRecord.Session.NONE;
            };
      } else {
        in.skipField(tag);
      }
    }
    return session;
  }

  private static void summary(byte[] data, List<LogRecord.Scalar> out) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(data);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == SUMMARY_VALUE && isMessage(tag)) {
        LogRecord.Scalar scalar = value(in.readByteArray());
        if (scalar != null) {
          out.add(scalar);
        }
      } else {
        in.skipField(tag);
      }
    }
  }

  private static LogRecord.@Nullable Scalar value(byte[] data) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(data);
    String name = "";
    String plugin = SCALARS;
    Double value = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field == VALUE_TAG && isMessage(tag)) {
        name = in.readString();
      } else if (field == VALUE_SIMPLE && isFixed32(tag)) {
        value = (double) in.readFloat();
      } else if (field == VALUE_TENSOR && isMessage(tag)) {
        value = tensor(in.readByteArray());
      } else if (field == VALUE_METADATA && isMessage(tag)) {
        plugin = plugin(in.readByteArray());
      } else {
        in.skipField(tag);
      }
    }
    return value == null || !plugin.equals(SCALARS) ? null : new LogRecord.Scalar(name, value);
  }

  /** Name of the plugin that a value is for; that of scalars where none is told. */
  private static String plugin(byte[] metadata) throws IOException {
    byte[] pluginData = bytes(metadata, METADATA_PLUGIN_DATA);
    byte[] name = pluginData == null ? null : bytes(pluginData, PLUGIN_NAME);
    return name == null ? SCALARS : new String(name, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] bytes(byte[] message, int wanted) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    byte[] found = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == wanted && isMessage(tag)) {
        found = in.readByteArray();
      } else {
        in.skipField(tag);
      }
    }
    return found;
  }

  /** The only element of a tensor of floats or doubles; null when it is another tensor. */
  private static @Nullable Double tensor(byte[] data) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(data);
    int type = 0;
    byte[] content = {};
    List<Double> values = new ArrayList<>(1);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field == TENSOR_DTYPE && isVarint(tag)) {
        type = in.readEnum();
      } else if (field == TENSOR_CONTENT && isMessage(tag)) {
        content = in.readByteArray();
      } else if (field == TENSOR_FLOATS && isFixed32(tag)) {
        values.add((double) in.readFloat());
      } else if (field == TENSOR_DOUBLES && isFixed64(tag)) {
        values.add(in.readDouble());
      } else if (field == TENSOR_FLOATS && isMessage(tag)) {
        addAll(in.readByteArray(), Float.BYTES, values);
      } else if (field == TENSOR_DOUBLES && isMessage(tag)) {
        addAll(in.readByteArray(), Double.BYTES, values);
      } else {
        in.skipField(tag);
      }
    }
    if (type != DT_FLOAT && type != DT_DOUBLE) {
      return null;
    }
    if (values.isEmpty()) {
      addAll(content, type == DT_FLOAT ? Float.BYTES : Double.BYTES, values);
    }
    return values.size() == 1 ? values.get(0) : null;
  }

  /** At most two: more than one is no scalar. */
  private static void addAll(byte[] packed, int width, List<Double> out) {
    ByteBuffer in = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    while (in.remaining() >= width && out.size() < 2) {
      out.add(width == Float.BYTES ? (double) in.getFloat() : in.getDouble());
    }
  }

  private static boolean isVarint(int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
  }

  private static boolean isFixed32(int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_FIXED32;
  }

  private static boolean isFixed64(int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_FIXED64;
  }

  private static boolean isMessage(int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }
}
