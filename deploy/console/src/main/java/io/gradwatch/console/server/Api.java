package io.gradwatch.console.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;

/** Adds routes of the interface, and remembers which there are. */
final class Api {
  static final String PREFIX = "/api/v1";

  private final RoutesConfig routes;
  private final List<String> known = new ArrayList<>();

  Api(RoutesConfig routes) {
    this.routes = routes;
  }

  void get(String path, Handler handler) {
    add(HandlerType.GET, path, handler);
  }

  void put(String path, Handler handler) {
    add(HandlerType.PUT, path, handler);
  }

  void post(String path, Handler handler) {
    add(HandlerType.POST, path, handler);
  }

  void delete(String path, Handler handler) {
    add(HandlerType.DELETE, path, handler);
  }

  /** Notes a route that is added elsewhere. */
  void note(HandlerType method, String path) {
    known.add(method.name() + " " + path);
  }

  /** Such as "GET /fleet". */
  List<String> known() {
    return List.copyOf(known);
  }

  private void add(HandlerType method, String path, Handler handler) {
    note(method, path);
    routes.addHttpHandler(method, PREFIX + path, handler);
  }
}
