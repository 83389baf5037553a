package io.gradwatch.agent.gateway;

import com.sun.net.httpserver.Headers;
import io.gradwatch.traces.JsonBatch;
import java.util.List;
import java.util.Locale;

/** What the headers say of a body. */
final class MediaType {
  private static final String ALLOWED =
      "Content-Type must be application/json or application/x-ndjson, in UTF-8";

  private MediaType() {}

  /** How the objects in it follow each other. */
  static JsonBatch.Form form(Headers headers) throws RefusedException {
    String[] parts = only(headers, "Content-Type", ALLOWED).split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        throw new RefusedException(Refusal.UNSUPPORTED, ALLOWED);
      }
    }
    return switch (parts[0].strip()) {
      case "application/json" -> JsonBatch.Form.JSON;
      case "application/x-ndjson", "application/jsonl" -> JsonBatch.Form.LINES;
      default -> throw new RefusedException(Refusal.UNSUPPORTED, ALLOWED);
    };
  }

  /** Whether it is packed. */
  static boolean isGzip(Headers headers) throws RefusedException {
    String allowed = "Content-Encoding must be gzip, or not be there";
    if (!headers.containsKey("Content-Encoding")) {
      return false;
    }
    return switch (only(headers, "Content-Encoding", allowed)) {
      case "gzip" -> true;
      case "identity", "" -> false;
      default -> throw new RefusedException(Refusal.UNSUPPORTED, allowed);
    };
  }

  private static String only(Headers headers, String name, String otherwise)
      throws RefusedException {
    List<String> values = headers.getOrDefault(name, List.of());
    if (values.size() != 1) {
      throw new RefusedException(Refusal.UNSUPPORTED, otherwise);
    }
    return values.get(0).strip().toLowerCase(Locale.ROOT);
  }
}
