package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.broker.testing.KafkaCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

  @ParameterizedTest
  @EnumSource(Backend.class)
  void operatorsAndStatesHaveTheNamesAndTypesTheyAlwaysHad(Backend backend) throws Exception {
    Path savepoint = new HalfWayOnKafka(kafka, folder, HalfWay.now()).save(backend);

    assertThat(SavepointContents.states(savepoint))
        .containsExactlyElementsOf(FrozenNames.read().states());
  }

  /**
   * Takes a savepoint to keep, in the folder that {@value #KEEP} names, and elsewhere where it is
   * not set: a savepoint that this build could not take would be noticed at a release only.
   */
  @Test
  void aSavepointCanBeKept() throws Exception {
    Path target = Path.of(System.getProperty(KEEP, folder.resolve("kept").toString()));
    Duration patience = System.getProperty(KEEP) == null ? Duration.ZERO : Duration.ofMinutes(3);
    HalfWay fleet = HalfWay.now();
    KeptSavepoint.write(
        target, new HalfWayOnKafka(kafka, folder, fleet).save(Backend.HASHMAP, patience), fleet);

    KeptSavepoint kept = new KeptSavepoint(target);
    assertThat(kept.files()).allMatch(Files::exists);
    assertThat(SavepointContents.states(target)).isNotEmpty();
    assertThat(kept.fleet().events()).hasSameSizeAs(fleet.events());
  }
}
