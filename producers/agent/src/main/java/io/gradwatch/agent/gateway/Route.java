package io.gradwatch.agent.gateway;

import org.jspecify.annotations.Nullable;

/** What can be asked for. {@code openapi.json} describes each. */
enum Route {
  EVENTS("POST", "/v1/events"),
  OPENAPI("GET", "/openapi.json"),
  HEALTH("GET", "/healthz"),
  READINESS("GET", "/readyz"),
  METRICS("GET", "/metrics");

  private final String method;
  private final String path;

  Route(String method, String path) {
    this.method = method;
    this.path = path;
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  /**
   * The route of a request.
   *
   * @param path null: a request for no path, such as {@code OPTIONS *}
   * @throws RefusedException NOT_FOUND or METHOD_NOT_ALLOWED
   */
  static Route of(String method, @Nullable String path) throws RefusedException {
    for (Route route : values()) {
      if (route.path.equals(path)) {
        return route.checked(method);
      }
    }
    throw new RefusedException(Refusal.NOT_FOUND, "there is nothing here; see /openapi.json");
  }

  private Route checked(String asked) throws RefusedException {
    if (asked.equals(method) || (asked.equals("HEAD") && method.equals("GET"))) {
      return this;
    }
    throw new RefusedException(path + " takes " + method + " only", method);
  }
}
