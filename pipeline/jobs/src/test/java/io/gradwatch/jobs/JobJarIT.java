package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** Looks into the jar that clusters run. */
class JobJarIT {
  static final Path JAR = Path.of("target", "gradwatch-job.jar");

  @Test
  void holdsTheJobAndWhatAClusterDoesNotHave() throws IOException {
    assertThat(entries())
        .contains(
            "io/gradwatch/jobs/GradwatchJob.class",
            "io/gradwatch/core/monitor/RunMonitor.class",
            "io/gradwatch/wire/EventDecoder.class",
            "io/gradwatch/schemas/Topics.class",
            "io/gradwatch/records/TrainingEvent.class",
            "org/apache/flink/connector/kafka/source/KafkaSource.class",
            "org/apache/flink/connector/kafka/sink/KafkaSink.class",
            "org/apache/kafka/clients/producer/KafkaProducer.class",
            "org/apache/avro/Schema.class");
  }

  @Test
  void holdsNothingOfFlinkButTheConnector() throws IOException {
    List<String> connector =
        List.of("org/apache/flink/connector/kafka/", "org/apache/flink/streaming/");
    assertThat(entries().stream().filter(entry -> entry.startsWith("org/apache/flink/")))
        .allMatch(entry -> connector.stream().anyMatch(entry::startsWith));
    assertThat(entries())
        .doesNotContain(
            "org/apache/flink/streaming/api/environment/StreamExecutionEnvironment.class")
        .noneMatch(entry -> entry.startsWith("org/apache/flink/streaming/api/"))
        .noneMatch(entry -> entry.startsWith("org/apache/flink/streaming/runtime/"))
        .noneMatch(entry -> entry.startsWith("com/esotericsoftware/"));
  }

  @Test
  void holdsNoLoggingAndNothingOfTests() throws IOException {
    assertThat(entries())
        .noneMatch(entry -> entry.startsWith("org/slf4j/"))
        .noneMatch(entry -> entry.startsWith("org/apache/logging/"))
        .noneMatch(entry -> entry.startsWith("ch/qos/logback/"))
        .noneMatch(entry -> entry.startsWith("META-INF/services/org.slf4j"))
        .noneMatch(entry -> entry.startsWith("org/junit/"))
        .noneMatch(entry -> entry.startsWith("io/gradwatch/broker/"));
  }

  @Test
  void namesItsMainClass() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo(GradwatchJob.class.getName());
    }
  }

  private static Set<String> entries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream()
          .filter(entry -> !entry.isDirectory())
          .map(ZipEntry::getName)
          .collect(Collectors.toSet());
    }
  }
}
