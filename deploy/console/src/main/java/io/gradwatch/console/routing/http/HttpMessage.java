package io.gradwatch.console.routing.http;

import java.util.Map;

/**
 * A request for a target, always a POST.
 *
 * @param path what follows the target's own URL; blank: nothing
 * @param headers headers but for length and host
 * @param contentType type of the body
 * @param body text that is sent as UTF-8
 */
public record HttpMessage(
    String path, Map<String, String> headers, String contentType, String body) {
  public HttpMessage {
    headers = Map.copyOf(headers);
  }

  /** Headers may hold secrets. */
  @Override
  public String toString() {
    return "HttpMessage[" + contentType + ", " + body.length() + " characters]";
  }
}
