package io.gradwatch.lab;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The texts and numbers of a line of JSON, those of objects within it under {@code object.name}.
 */
public final class FlatJson {
  private static final JsonFactory JSON = new JsonFactory();

  private FlatJson() {}

  /**
   * Reads a line.
   *
   * @throws IOException when it is no object of texts, numbers and such objects
   */
  public static Map<String, String> read(String line) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object of JSON: " + line);
      }
      readObject(parser, "", values);
    }
    return values;
  }

  private static void readObject(JsonParser parser, String prefix, Map<String, String> values)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = prefix + parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT) {
        readObject(parser, name + ".", values);
      } else if (value.isScalarValue()) {
        values.put(name, parser.getText());
      } else {
        throw new IOException(name + " is " + value + ", must be a text, a number or an object");
      }
    }
  }
}
