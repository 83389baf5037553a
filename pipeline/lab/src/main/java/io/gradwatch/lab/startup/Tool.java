package io.gradwatch.lab.startup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The built command, started as a user starts it: as a process of its own.
 *
 * @param command what starts it, such as {@code deploy/bin/gradwatch}
 * @param log takes its standard error, of the newest start only
 * @param longest a start that takes longer is ended, and is a failure
 */
record Tool(Path command, Path log, Duration longest) {

  /**
   * Runs it to its end.
   *
   * @throws IOException when it fails
   */
  Launch run(List<String> arguments) throws IOException, InterruptedException {
    long cpu = ChildrenTime.millis();
    long start = System.nanoTime();
    Process process = process(arguments).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    endInTime(process);
    int code = process.waitFor();
    long nanos = System.nanoTime() - start;
    if (code != 0) {
      throw failure(arguments, "ended with " + code);
    }
    return new Launch(nanos, since(cpu));
  }

  /**
   * Tells it something and ends it at its first line of output that was waited for.
   *
   * @throws IOException when it ends without such a line
   */
  Launch until(Predicate<String> awaited, List<String> arguments, List<String> input)
      throws IOException, InterruptedException {
    long cpu = ChildrenTime.millis();
    long start = System.nanoTime();
    Process process = process(arguments).start();
    endInTime(process);
    try (BufferedReader out =
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        OutputStream in = process.getOutputStream()) {
      if (!input.isEmpty()) {
        in.write((String.join("\n", input) + "\n").getBytes(UTF_8));
        in.flush();
      }
      String line = out.readLine();
      while (line != null && !awaited.test(line)) {
        line = out.readLine();
      }
      long nanos = System.nanoTime() - start;
      if (line == null) {
        throw failure(arguments, "ended before it said what was waited for");
      }
      process.destroy();
      process.waitFor();
      return new Launch(nanos, since(cpu));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private ProcessBuilder process(List<String> arguments) {
    List<String> all = new ArrayList<>();
    all.add(command.toString());
    all.addAll(arguments);
    return new ProcessBuilder(all).redirectError(log.toFile());
  }

  private void endInTime(Process process) {
    CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS)
        .execute(process::destroyForcibly);
  }

  private static long since(long before) throws IOException {
    return before < 0 ? -1 : ChildrenTime.millis() - before;
  }

  private IOException failure(List<String> arguments, String what) throws IOException {
    return new IOException(
        "%s %s %s; it may take %d s; it said: %s"
            .formatted(
                command, arguments.get(0), what, longest.toSeconds(), Files.readString(log)));
  }
}
