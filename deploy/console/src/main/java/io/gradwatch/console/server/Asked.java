package io.gradwatch.console.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gradwatch.console.model.RunKey;
import io.gradwatch.schemas.Topics;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Reads a request's parts within bounds; what is out of them is refused with the bound. */
final class Asked {
  /** Longest text to look for. */
  private static final int MOST_TEXT = 512;

  /** Longest list: the names of all curves of a run. */
  private static final int MOST_LIST = 8_192;

  private static final int MOST_WORDS = 64;

  private Asked() {}

  /** The run that the path names. A segment that begins with ~ is Base64 (URL) of the id. */
  static RunKey run(Context context) {
    String project = context.pathParam("project");
    String segment = context.pathParam("run");
    try {
      return new RunKey(Topics.checkProject(project), decoded(segment));
    } catch (IllegalArgumentException e) {
      throw RefusedException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static String decoded(String segment) {
    if (!segment.startsWith("~")) {
      return segment;
    }
    try {
      return new String(
          Base64.getUrlDecoder().decode(segment.substring(1)), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the run after ~ is no Base64 of a URL", e);
    }
  }

  /** A run that a parameter names as project/run. */
  static RunKey runNamed(String value) {
    try {
      RunKey key = RunKey.ofPath(value);
      Topics.checkProject(key.project());
      return key;
    } catch (IllegalArgumentException e) {
      throw RefusedException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  static String text(Context context, String name) {
    return text(context, name, MOST_TEXT);
  }

  private static String text(Context context, String name, int most) {
    String value = context.queryParam(name);
    if (value == null) {
      return "";
    }
    if (value.length() > most) {
      throw RefusedException.badRequest(
          name + " has " + value.length() + " characters, at most " + most + " are taken");
    }
    return value;
  }

  static int whole(Context context, String name, int otherwise, int least, int most) {
    return (int) whole(context, name, (long) otherwise, least, most);
  }

  static long whole(Context context, String name, long otherwise, long least, long most) {
    String value = context.queryParam(name);
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw outOfBounds(name, value, least, most);
    }
    throw outOfBounds(name, value, least, most);
  }

  /** Words with commas between. */
  static Set<String> words(Context context, String name) {
    String value = text(context, name, MOST_LIST);
    if (value.isEmpty()) {
      return Set.of();
    }
    Set<String> words = new LinkedHashSet<>(Arrays.asList(value.split(",", -1)));
    if (words.size() > MOST_WORDS) {
      throw RefusedException.badRequest(
          name + " has " + words.size() + " values, at most " + MOST_WORDS + " are taken");
    }
    return words;
  }

  /** Names of an enum with commas between. */
  static <E extends Enum<E>> Set<E> constants(Context context, String name, Class<E> type) {
    Set<E> constants = EnumSet.noneOf(type);
    for (String word : words(context, name)) {
      try {
        constants.add(Enum.valueOf(type, word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw RefusedException.badRequest(
            name + " is '" + word + "', must be of " + EnumSet.allOf(type));
      }
    }
    return constants;
  }

  /** The body as a record. */
  static <T> T body(Context context, Class<T> type) {
    String contentType = context.contentType();
    if (contentType == null
        || !contentType.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw RefusedException.unsupportedType(
          "Content-Type is " + contentType + ", must be application/json");
    }
    try {
      T record = Json.request(context.body(), type);
      if (record == null) {
        throw RefusedException.badRequest("the body is null, must be a JSON object");
      }
      return record;
    } catch (JsonProcessingException e) {
      throw RefusedException.badRequest("the body cannot be read: " + e.getOriginalMessage());
    }
  }

  private static RefusedException outOfBounds(String name, String value, long least, long most) {
    return RefusedException.badRequest(
        name + " is '" + value + "', must be a whole number of " + least + " to " + most);
  }
}
