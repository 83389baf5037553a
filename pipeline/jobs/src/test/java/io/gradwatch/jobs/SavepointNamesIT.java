package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a savepoint of the job says of itself is what every savepoint has to say. */
class SavepointNamesIT {
  @TempDir private Path folder;
  private KafkaCluster kafka;

  @BeforeEach
  void start() {
    kafka = KafkaCluster.start();
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void operatorsAndStatesHaveTheNamesAndTypesTheyAlwaysHad(Backend backend) throws Exception {
    HalfWayOnKafka job = new HalfWayOnKafka(kafka, folder, HalfWay.now());
    Path savepoint = job.save(backend);

    assertThat(SavepointContents.states(savepoint))
        .containsExactlyElementsOf(FrozenNames.read().states());
  }
}
