package io.gradwatch.schemas.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Locale;

/**
 * What a registry answered.
 *
 * @param status of HTTP
 * @param json the body; missing where it is no JSON
 * @param text the body as it came, its beginning where it was cut
 * @param cut whether the body went beyond what is read of one
 */
record RegistryAnswer(int status, JsonNode json, String text, boolean cut) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_MESSAGE_CHARS = 300;

  static RegistryAnswer of(int status, String text, boolean cut) {
    return new RegistryAnswer(status, cut ? MissingNode.getInstance() : parsed(text), text, cut);
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  boolean isOk() {
    return status >= 200 && status < 300;
  }

  /** Whether it says of the question what is so, rather than of the registry what is wrong. */
  boolean isVerdict() {
    return isOk() ? cut || json.isObject() : errorCode() / 100 == 404 || isRefusal();
  }

  /** Whether there is no such schema, subject or version. A proxy's 404 is not meant. */
  boolean isUnknown() {
    return status == 404 && errorCode() / 100 == 404;
  }

  /** Whether the schema was refused: it is not compatible (409), or none (422). */
  boolean isRefusal() {
    return (status == 409 || status == 422) && errorCode() != 0;
  }

  /**
   * Whether the registry itself, and no proxy, denies what was asked for good. A login that is not
   * accepted (401) is not meant: that is about who asks.
   */
  boolean isDenial() {
    return status / 100 == 4
        && status != 401
        && status != 404
        && status != 407
        && !isWorthAnotherTry()
        && (errorCode() == status || errorCode() / 100 == status);
  }

  /** Whether it is a list that has something. */
  boolean isFilledList() {
    return isOk()
        && (cut ? text.stripLeading().startsWith("[") : json.isArray() && !json.isEmpty());
  }

  /** Whether the same question may soon be answered otherwise. */
  boolean isWorthAnotherTry() {
    return status >= 500 || status == 429 || status == 408;
  }

  /** The registry's own code, whose first three digits are HTTP's; 0 where there is none. */
  int errorCode() {
    return json.path("error_code").asInt(0);
  }

  /** The registry's own words, short and without what a terminal or a log would obey. */
  String message() {
    String message = json.path("message").asText("");
    String some = message.substring(0, Math.min(message.length(), MOST_MESSAGE_CHARS));
    return some.replaceAll("\\p{C}", " ").strip();
  }

  /**
   * A whole number that the answer has to have.
   *
   * @throws IOException when it does not
   */
  int number(String name) throws IOException {
    JsonNode value = json.path(name);
    if (!value.isInt()) {
      throw new IOException(missing(name, "a whole number"));
    }
    return value.intValue();
  }

  /**
   * A text that the answer has to have.
   *
   * @throws IOException when it does not
   */
  String string(String name) throws IOException {
    JsonNode value = json.path(name);
    if (!value.isTextual()) {
      throw new IOException(missing(name, "a text"));
    }
    return value.textValue();
  }

  private static String missing(String name, String what) {
    return String.format(
        Locale.ROOT,
        "the registry's answer has no %s, must have %s; is the URL that of the API's base?",
        name,
        what);
  }
}
