package io.gradwatch.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobArgumentsTest {

  @Test
  void readsOptionsOfTheJobInEveryForm() throws IOException {
    JobOptions options =
        JobArguments.parse(
                "--bootstrap-server",
                "localhost:9092",
                "--group-id",
                "one",
                "--start-from=latest",
                "-Dgradwatch.transactional-id-prefix=two",
                "-D",
                "gradwatch.create-topics=false")
            .options();
    assertThat(options.get(JobOptions.BOOTSTRAP_SERVERS)).isEqualTo("localhost:9092");
    assertThat(options.get(JobOptions.GROUP_ID)).isEqualTo("one");
    assertThat(options.get(JobOptions.START_FROM)).isEqualTo(StartFrom.LATEST);
    assertThat(options.get(JobOptions.TRANSACTIONAL_ID_PREFIX)).isEqualTo("two");
    assertThat(options.get(JobOptions.CREATE_TOPICS)).isFalse();
  }

  @Test
  void readsSettingsOfFlink() throws IOException {
    JobArguments arguments =
        JobArguments.parse("--bootstrap-servers", "localhost:1", "-Dparallelism.default=4");
    assertThat(arguments.flink().toMap()).containsEntry("parallelism.default", "4").hasSize(1);
  }

  @Test
  void readsOptionsFromAFileAndLetsTheCommandLineWin(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("job.properties");
    Files.writeString(
        file,
        """
        gradwatch.bootstrap-servers = localhost:9093
        gradwatch.group-id = file
        parallelism.default = 2
        """);
    JobArguments arguments = JobArguments.parse("--options", file.toString(), "--group-id", "line");
    assertThat(arguments.options().get(JobOptions.BOOTSTRAP_SERVERS)).isEqualTo("localhost:9093");
    assertThat(arguments.options().get(JobOptions.GROUP_ID)).isEqualTo("line");
    assertThat(arguments.flink().toMap()).containsEntry("parallelism.default", "2");
  }

  @Test
  void readsSettingsOfKafkaClientsFromAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("client.properties");
    Files.writeString(
        file,
        """
        security.protocol = SASL_SSL
        sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required \\
          username="ann" password="a=b";
        """);
    JobArguments arguments =
        JobArguments.parse(
            "--command-config", file.toString(), "--bootstrap-server", "localhost:1");
    assertThat(arguments.options().kafka())
        .containsEntry("security.protocol", "SASL_SSL")
        .hasEntrySatisfying(
            "sasl.jaas.config", value -> assertThat((String) value).endsWith("password=\"a=b\";"));
    assertThat(arguments.flink().toMap()).isEmpty();
  }

  @Test
  void refusesWhatItCannotUnderstand() {
    assertThatThrownBy(() -> JobArguments.parse("kafka:9092"))
        .hasMessage("argument is 'kafka:9092', must be --NAME VALUE or -DNAME=VALUE");
    assertThatThrownBy(() -> JobArguments.parse("--group-id"))
        .hasMessage("--group-id has no value");
    assertThatThrownBy(() -> JobArguments.parse("-Dparallelism"))
        .hasMessage("argument is '-Dparallelism', must be -DNAME=VALUE");
    assertThatThrownBy(
            () ->
                JobArguments.parse(
                    "-Dgradwatch.kafka.sasl.jaas.config=a.LoginModule", "password=secret;"))
        .hasMessage("argument is 'password=...', must be --NAME VALUE or -DNAME=VALUE");
    assertThatThrownBy(() -> JobArguments.parse("--options", "missing.properties"))
        .isInstanceOf(NoSuchFileException.class);
  }
}
