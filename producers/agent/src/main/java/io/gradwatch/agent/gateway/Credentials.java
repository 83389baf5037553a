package io.gradwatch.agent.gateway;

import com.sun.net.httpserver.Headers;

/** Tells from the headers of a request for which project it speaks. The body has no say. */
interface Credentials {

  /**
   * The project.
   *
   * @throws RefusedException UNAUTHORIZED or FORBIDDEN
   */
  String project(Headers headers) throws RefusedException;

  /** False while others are in force than those that were set up last. */
  default boolean areValid() {
    return true;
  }
}
