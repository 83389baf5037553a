package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a savepoint of the job says of itself is what every savepoint has to say. */
class SavepointNamesIT {
  private static final String KEEP = "gradwatch.savepoint.write";

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

  /**
   * Takes a savepoint to keep, elsewhere where {@value #KEEP} names no folder: that it cannot be
   * taken would be noticed at a release only.
   */
  @ParameterizedTest
  @EnumSource(Backend.class)
  void operatorsAndStatesHaveTheNamesAndTypesTheyAlwaysHad(Backend backend) throws Exception {
    boolean stays = backend == Backend.HASHMAP && System.getProperty(KEEP) != null;
    HalfWay fleet = HalfWay.now();
    Path savepoint =
        new HalfWayOnKafka(kafka, folder, fleet)
            .save(backend, stays ? Duration.ofMinutes(3) : Duration.ZERO);
    KeptSavepoint kept =
        new KeptSavepoint(stays ? Path.of(System.getProperty(KEEP)) : folder.resolve("kept"));
    kept.write(savepoint, fleet);

    assertThat(SavepointContents.states(kept.folder()))
        .containsExactlyElementsOf(FrozenNames.read().states());
    assertThat(kept.files()).allMatch(Files::exists);
    assertThat(kept.fleet().events()).hasSameSizeAs(fleet.events());
  }
}
