package io.gradwatch.agent.gateway;

import com.sun.net.httpserver.Headers;
import java.util.List;

/** A token for each request, as RFC 6750 has it. */
final class BearerTokens implements Credentials {
  private final TokenFile file;

  BearerTokens(TokenFile file) {
    this.file = file;
  }

  @Override
  public String project(Headers headers) throws RefusedException {
    List<String> values = headers.getOrDefault("Authorization", List.of());
    String value = values.size() == 1 ? values.get(0).strip() : "";
    int end = value.indexOf(' ');
    if (end < 0 || !value.substring(0, end).equalsIgnoreCase("Bearer")) {
      throw new RefusedException(
          Refusal.UNAUTHORIZED, "one header is needed: Authorization: Bearer TOKEN");
    }
    String project = file.tokens().project(value.substring(end + 1).strip());
    if (project == null) {
      throw new RefusedException(Refusal.UNAUTHORIZED, "the token is not known");
    }
    return project;
  }

  @Override
  public boolean areValid() {
    return file.isValid();
  }
}
