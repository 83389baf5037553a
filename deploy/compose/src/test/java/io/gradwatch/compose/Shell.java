package io.gradwatch.compose;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands in a folder.
 *
 * @param folder where
 * @param environment variables beside those of this process
 */
record Shell(Path folder, Map<String, String> environment) {
  private static final long PATIENCE_MINUTES = 20;

  Shell {
    environment = Map.copyOf(environment);
  }

  /**
   * What a command writes to its standard output.
   *
   * @throws IllegalStateException with all it said, when it fails
   */
  String run(List<String> command) {
    Answer answer = attempt(command);
    if (answer.code() != 0) {
      throw new IllegalStateException(
          "%s ended with %d: %s".formatted(command, answer.code(), answer.all()));
    }
    return answer.out();
  }

  /** What becomes of a command. */
  Answer attempt(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.PIPE);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      StringBuilder err = new StringBuilder();
      Thread reader =
          new Thread(
              () -> {
                try {
                  err.append(
                      new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                  err.append(e);
                }
              });
      reader.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " does not end; so far: " + out);
      }
      reader.join();
      return new Answer(process.exitValue(), out, err.toString());
    } catch (IOException e) {
      throw new IllegalStateException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }

  /**
   * What became of a command.
   *
   * @param code its exit code
   */
  record Answer(int code, String out, String err) {
    String all() {
      return out + err;
    }
  }
}
