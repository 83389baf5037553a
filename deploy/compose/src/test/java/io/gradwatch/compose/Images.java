package io.gradwatch.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Our images, built as {@code deploy/images/build} builds them, on bases made here: no test needs a
 * registry of images. Beside them stand-ins for the images of others.
 */
final class Images {
  /** Bash, some tools and part of a JRE; what the machine's container engine was prepared with. */
  private static final String BASE = "gradwatch-test/jre17:1";

  private static final Path TEMPLATES = Path.of("/usr/share/prometheus/alertmanager");
  private static final String TAG = "test";
  static final String JOB = "gradwatch/job:" + TAG;
  static final String CONSOLE = "gradwatch/console:" + TAG;
  static final String AGENT = "gradwatch/agent:" + TAG;
  static final String JAVA = "gradwatch-test/java17:1";
  static final String FLINK = "gradwatch-test/flink:1";
  static final String PROMETHEUS = "gradwatch-test/prometheus:1";
  static final String ALERTMANAGER = "gradwatch-test/alertmanager:1";

  private static final Path HERE = Path.of("").toAbsolutePath();
  private static final Path STAND_INS = HERE.resolve("src/test/standins");

  private Images() {}

  /** Builds all of them. */
  static void build() {
    java();
    flink();
    debian(PROMETHEUS, "prometheus", List.of());
    debian(
        ALERTMANAGER,
        "prometheus-alertmanager",
        List.of(TEMPLATES.resolve("default.tmpl"), TEMPLATES.resolve("email.tmpl")));
    Shell shell =
        new Shell(
            HERE,
            Map.of(
                "DOCKER_BUILDKIT", "0",
                "GRADWATCH_NO_BUILD", "yes",
                "GRADWATCH_TAG", TAG,
                "GRADWATCH_JAVA_BASE", JAVA,
                "GRADWATCH_FLINK_BASE", FLINK));
    shell.run(List.of(HERE.resolveSibling("images/build").toString()));
  }

  private static void java() {
    Path context = HERE.resolve("target/java");
    Path jre = context.resolve("jre");
    copy(STAND_INS.resolve("java"), context);
    if (!Files.exists(jre.resolve("release"))) {
      ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
      int code =
          jlink.run(
              System.out,
              System.err,
              "--add-modules",
              "java.se,jdk.httpserver,jdk.crypto.ec,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs",
              "--strip-debug",
              "--no-man-pages",
              "--no-header-files",
              "--output",
              jre.toString());
      if (code != 0) {
        throw new IllegalStateException("jlink ended with " + code);
      }
    }
    docker(context, JAVA, BASE, List.of());
  }

  private static void flink() {
    Path context = HERE.resolve("target/flink");
    copy(STAND_INS.resolve("flink"), context);
    docker(context, FLINK, JAVA, List.of());
  }

  /** A program of Debian's with the files it reads. */
  private static void debian(String image, String program, List<Path> files) {
    Path context = HERE.resolve("target/debian-" + program);
    Path executable = Path.of("/usr/bin", program);
    if (!Files.isExecutable(executable)) {
      throw new IllegalStateException(
          "there is no " + executable + ": install Debian's package " + program);
    }
    copy(STAND_INS.resolve("debian"), context);
    copy(executable, context.resolve(program));
    Path root = context.resolve("share");
    copy(STAND_INS.resolve("debian/empty"), root);
    for (Path file : files) {
      copy(file, root.resolve(Path.of("/usr/share").relativize(file)));
    }
    docker(context, image, BASE, List.of("--build-arg", "PROGRAM=" + program));
  }

  private static void docker(Path context, String image, String base, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("docker", "build", "-q", "-t", image));
    command.addAll(List.of("--build-arg", "BASE=" + base));
    command.addAll(arguments);
    command.add(".");
    new Shell(context, Map.of("DOCKER_BUILDKIT", "0")).run(command);
  }

  /** Copies a file, or a folder with all that is in it. */
  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(
              file,
              target,
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
