package io.gradwatch.lab.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(300)
class PublisherCostCommandIT {
  @Test
  void tellsOfEverySituationAndWhatBecameOfTheEvents() {
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new PublisherCostCommand()).setOut(new PrintWriter(out));

    int exitCode = command.execute("--layers=3", "--steps=500", "--rate=5000", "--json");

    assertThat(exitCode).isZero();
    assertThat(out.toString().lines())
        .satisfiesExactly(
            paced ->
                assertThat(paced)
                    .contains("\"situation\":\"PACED\"", "\"calls\":500,", "\"queue_full\":0,"),
            flatOut -> assertThat(flatOut).contains("\"situation\":\"FLAT_OUT\""),
            away ->
                assertThat(away)
                    .contains(
                        "\"situation\":\"BROKER_AWAY\"",
                        "\"queue_full\":500,",
                        "\"queued\":8192,"));
  }
}
