package io.gradwatch.jobs.types;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.types.StringValue;

/** Bytes of lists and maps of text; a map keeps its order. */
final class TextCollections {
  private TextCollections() {}

  static void writeTexts(List<String> texts, DataOutput out) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      StringValue.writeString(text, out);
    }
  }

  static List<String> readTexts(DataInput in) throws IOException {
    int size = in.readInt();
    List<String> texts = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      texts.add(StringValue.readString(in));
    }
    return texts;
  }

  static void writeTags(Map<String, String> tags, DataOutput out) throws IOException {
    out.writeInt(tags.size());
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      StringValue.writeString(tag.getKey(), out);
      StringValue.writeString(tag.getValue(), out);
    }
  }

  static Map<String, String> readTags(DataInput in) throws IOException {
    int size = in.readInt();
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      tags.put(StringValue.readString(in), StringValue.readString(in));
    }
    return tags;
  }

  static void writeNumbers(Map<String, Double> numbers, DataOutput out) throws IOException {
    out.writeInt(numbers.size());
    for (Map.Entry<String, Double> number : numbers.entrySet()) {
      StringValue.writeString(number.getKey(), out);
      out.writeLong(Double.doubleToRawLongBits(number.getValue()));
    }
  }

  static Map<String, Double> readNumbers(DataInput in) throws IOException {
    int size = in.readInt();
    if (size == 0) {
      return Map.of();
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      numbers.put(StringValue.readString(in), Double.longBitsToDouble(in.readLong()));
    }
    return numbers;
  }
}
