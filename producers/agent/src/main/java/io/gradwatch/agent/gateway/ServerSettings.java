package io.gradwatch.agent.gateway;

/**
 * Settings of the JDK's HTTP server that it reads once a process, before its first. What somebody
 * has set already stays.
 */
final class ServerSettings {
  /** Connections at a time. There is a thread for each, so that slow ones hold up nobody else. */
  static final int CONNECTIONS = 256;

  /** For a whole request, header and body: what a slow client holds it gives back by then. */
  private static final int REQUEST_SECONDS = 10;

  private static final int RESPONSE_SECONDS = 10;
  private static final int HEADER_BYTES = 16 * 1024;
  private static final int HEADERS = 100;

  private ServerSettings() {}

  static void apply() {
    set("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
    set("sun.net.httpserver.maxRspTime", RESPONSE_SECONDS);
    set("sun.net.httpserver.maxReqHeaderSize", HEADER_BYTES);
    set("sun.net.httpserver.maxReqHeaders", HEADERS);
    set("jdk.httpserver.maxConnections", CONNECTIONS);
    // Else an answer waits 40 ms for the acknowledgement of its header.
    set("sun.net.httpserver.nodelay", true);
  }

  private static void set(String name, Object value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value.toString());
    }
  }
}
