package io.gradwatch.agent.gateway;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * No token: whoever is on this machine speaks for the project. But a page in a browser is no one on
 * this machine, though its requests come from here: it tells where it comes from, or it was led to
 * believe that this is another host.
 */
final class ThisMachine implements Credentials {
  private static final Pattern NAME =
      Pattern.compile("(?:localhost|127(?:\\.\\d{1,3}){3}|\\[::1])(?::\\d{1,5})?");

  private final String project;

  ThisMachine(String project) {
    this.project = project;
  }

  @Override
  public String project(Headers headers) throws RefusedException {
    List<String> hosts = headers.getOrDefault("Host", List.of());
    if (headers.containsKey("Origin")
        || hosts.size() != 1
        || !NAME.matcher(hosts.get(0).toLowerCase(Locale.ROOT)).matches()) {
      throw new RefusedException(
          Refusal.FORBIDDEN,
          "without tokens only programs on this machine are heard, which ask for localhost");
    }
    return project;
  }
}
