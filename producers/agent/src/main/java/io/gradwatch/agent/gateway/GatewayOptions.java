package io.gradwatch.agent.gateway;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway is reached, and by whom.
 *
 * @param address where it listens; port 0: any
 * @param tokens file with a line for each token; null: everybody on this machine may write
 * @param project whose events those are that come without a token; nothing where there are tokens
 * @param keyStore PKCS12 file with the key and certificate for TLS; null: no TLS
 * @param keyStorePassword file whose first line is its password; null: no TLS
 * @param plaintextAllowed other machines may speak to it without TLS
 */
public record GatewayOptions(
    InetSocketAddress address,
    @Nullable Path tokens,
    String project,
    @Nullable Path keyStore,
    @Nullable Path keyStorePassword,
    boolean plaintextAllowed,
    GatewayLimits limits) {

  public GatewayOptions {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "there is no address of the name " + address.getHostString());
    }
    if ((keyStore == null) != (keyStorePassword == null)) {
      throw new IllegalArgumentException(
          "TLS needs both, a key store and the file with its password; one is missing");
    }
    boolean here = address.getAddress().isLoopbackAddress();
    if (!here && tokens == null) {
      throw new IllegalArgumentException(
          address.getHostString()
              + " can be reached by other machines, there must be tokens; or bind to 127.0.0.1");
    }
    if (!here && keyStore == null && !plaintextAllowed) {
      throw new IllegalArgumentException(
          address.getHostString()
              + " can be reached by other machines, there must be TLS; or allow plaintext where"
              + " something in front of it ends TLS");
    }
  }
}
