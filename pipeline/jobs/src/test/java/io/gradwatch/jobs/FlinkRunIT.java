package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar under {@code flink run}, in a process that has Flink and nothing of ours. */
class FlinkRunIT {
  private static final String FRONTEND = "org.apache.flink.client.cli.CliFrontend";

  @Test
  void flinkRunsTheJarWithoutAnythingOfOursBesideIt(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("config.yaml"), "execution.checkpointing.dir: " + folder.toUri() + "\n");
    try (KafkaCluster kafka = KafkaCluster.start()) {
      JobOnKafka job = new JobOnKafka(kafka, folder);
      job.createTopics(Topics.allSpecs(Topics.DEFAULT_PROJECT));
      job.send(Samples.explodingRun("run", 100));
      Process flink = flinkRun(folder, kafka.bootstrapServers());
      try {
        assertThat(
                kafka.readUntil(
                    Topics.statistics(Topics.DEFAULT_PROJECT),
                    IsolationLevel.READ_COMMITTED,
                    records -> !records.isEmpty() || !flink.isAlive()))
            .as(() -> log(folder))
            .isNotEmpty();
        assertThat(flink.isAlive()).isTrue();
      } finally {
        flink.destroy();
        assertThat(flink.waitFor(KafkaCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private static Process flinkRun(Path folder, String bootstrapServers) throws Exception {
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "-cp",
            FlinkClassPath.ofACluster(),
            FRONTEND,
            "run",
            "-t",
            "local",
            JobJarIT.JAR.toAbsolutePath().toString(),
            "--bootstrap-server",
            bootstrapServers,
            "--checkpoint-interval",
            "200 ms");
    process.environment().put("FLINK_CONF_DIR", folder.toString());
    return process
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("flink.log").toFile())
        .start();
  }

  private static String log(Path folder) {
    try {
      return Files.readString(folder.resolve("flink.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
