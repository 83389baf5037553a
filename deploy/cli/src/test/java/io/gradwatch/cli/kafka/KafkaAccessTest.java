package io.gradwatch.cli.kafka;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class KafkaAccessTest {
  private static KafkaAccess access(String... arguments) {
    return CommandLine.populateCommand(new KafkaAccess(), arguments);
  }

  @Test
  void aPublisherTalksToOtherMachinesOverTlsOnlyUnlessToldOtherwise() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                access("--bootstrap-server=kafka.invalid:9092")
                    .publisher("vision", new RegistryAccess())
                    .buildForAnyRun())
        .withMessageContaining("SASL_SSL");
    access("--bootstrap-server=kafka.invalid:9092", "--allow-plaintext")
        .publisher("vision", new RegistryAccess())
        .buildForAnyRun()
        .close(Duration.ZERO);
  }
}
