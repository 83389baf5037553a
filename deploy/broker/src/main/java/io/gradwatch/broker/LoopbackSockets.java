package io.gradwatch.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.server.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Listening sockets on the loopback interface that are bound before Kafka starts. Kafka's
 * configuration has to name its ports; a port that is bound first and named then cannot be lost to
 * another process in between.
 */
final class LoopbackSockets implements ServerSocketFactory, AutoCloseable {
  private final Map<Integer, ServerSocketChannel> waiting = new ConcurrentHashMap<>();

  /**
   * Binds a port, any free one for 0.
   *
   * @return the port
   * @throws BindException when the port is taken
   */
  int bind(int port) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (BindException e) {
      channel.close();
      BindException named = new BindException("port " + port + " is taken on the loopback address");
      named.initCause(e);
      throw named;
    }
    int bound = channel.socket().getLocalPort();
    waiting.put(bound, channel);
    return bound;
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferBytes)
      throws IOException {
    @Nullable ServerSocketChannel channel = waiting.remove(address.getPort());
    return channel != null
        ? channel
        : ServerSocketFactory.INSTANCE.openServerSocket(
            listener, address, backlog, receiveBufferBytes);
  }

  /** Closes the sockets that nobody has asked for. */
  @Override
  public void close() throws IOException {
    for (ServerSocketChannel channel : waiting.values()) {
      channel.close();
    }
    waiting.clear();
  }
}
