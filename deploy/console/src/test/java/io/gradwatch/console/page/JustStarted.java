package io.gradwatch.console.page;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.console.Console;
import io.gradwatch.console.access.AccessOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A console in a process of its own, over the Kafka of another: nothing of it has been compiled by
 * what was asked before.
 */
final class JustStarted implements AutoCloseable {
  private final Process process;
  private final URI url;

  private JustStarted(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts it, and returns as soon as it has read what is there. */
  static JustStarted over(String bootstrapServers) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                JustStarted.class.getName(),
                bootstrapServers)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the console in another process did not start");
    }
    return new JustStarted(process, URI.create(line));
  }

  /** Runs one until its input ends; its argument is where Kafka is. */
  public static void main(String[] arguments) throws IOException {
    try (Console console = Site.console(arguments[0], AccessOptions.loopback())) {
      Await.until("what is there to be read", () -> console.status().caughtUp());
      System.out.println(console.url());
      while (System.in.read() >= 0) {
        // Whoever started it says nothing, and ends it by closing.
      }
    }
  }

  /** Address of a page. */
  String address(String path) {
    return url + path;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
