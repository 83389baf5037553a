package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.SystemLimitException;
import org.junit.jupiter.api.Test;

/** In JVMs of their own, since the library reads its limits once. */
class AvroLimitsTest {
  @Test
  void areInForceWhenSetBeforeTheLibraryLoads() throws IOException, InterruptedException {
    assertThat(run("first")).isEqualTo("in force");
  }

  @Test
  void areMissedWhenTheLibraryHadLoadedBefore() throws IOException, InterruptedException {
    assertThat(run("late"))
        .startsWith("Avro had loaded before its limit org.apache.avro.limits.string.maxLength")
        .endsWith("-Dorg.apache.avro.limits.string.maxLength=524288");
  }

  @Test
  void stayWhereSomebodySetNarrowerOnes() throws IOException, InterruptedException {
    assertThat(run("first", "-Dorg.apache.avro.limits.string.maxLength=1000"))
        .isEqualTo("in force");
  }

  @Test
  void areMissedWhereSomebodySetAWiderOne() throws IOException, InterruptedException {
    assertThat(run("first", "-Dorg.apache.avro.limits.decompress.maxLength=999999999"))
        .contains("-Dorg.apache.avro.limits.decompress.maxLength=524288");
  }

  private static String run(String when, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Entry.class.getName(), when));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  /** Says on standard output whether the limits are in force. */
  static final class Entry {
    private Entry() {}

    public static void main(String[] args) {
      if (args[0].equals("late")) {
        SystemLimitException.checkMaxStringLength(1);
      }
      try {
        AvroLimits.ensure();
        System.out.println("in force");
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
