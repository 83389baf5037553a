package io.gradwatch.console.routing.http;

import java.net.UnknownHostException;

/** An address leads where no target may be. */
public final class RefusedAddressException extends UnknownHostException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message which, and why; names the host, never the path, which may be a secret
   */
  public RefusedAddressException(String message) {
    super(message);
  }
}
