package io.gradwatch.console.routing.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks the addresses of a name up. */
@FunctionalInterface
public interface HostResolver {
  /** As this machine does. */
  HostResolver SYSTEM = InetAddress::getAllByName;

  /**
   * All addresses of a host.
   *
   * @throws UnknownHostException when it has none
   */
  InetAddress[] addresses(String host) throws UnknownHostException;
}
