package io.gradwatch.console.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * How the interface's records become JSON and back. Numbers that JSON cannot say are the words NaN,
 * Infinity and -Infinity; fields that are not known are passed over when reading an answer, and
 * refused in a request.
 */
public final class Json {
  private static final int MOST_DEPTH = 20;

  private static final ObjectMapper STRICT =
      new JsonMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final ObjectMapper LENIENT =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Json() {}

  /** A record as JSON. */
  public static byte[] bytes(Object value) {
    try {
      return LENIENT.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of the interface cannot be written", e);
    }
  }

  /** A record as JSON in one line. */
  public static String line(Object value) {
    try {
      return LENIENT.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of the interface cannot be written", e);
    }
  }

  /**
   * Reads what a console answered.
   *
   * @throws JsonProcessingException when it is no such record
   */
  public static <T> T answer(String text, Class<T> type) throws JsonProcessingException {
    return LENIENT.readValue(text, type);
  }

  /**
   * Reads what a console was asked.
   *
   * @throws JsonProcessingException when it is no such record, or has fields beside it
   */
  static <T> T request(String text, Class<T> type) throws JsonProcessingException {
    return STRICT.readValue(text, type);
  }
}
