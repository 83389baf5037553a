package io.gradwatch.lab.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(300)
class LatencyCommandIT {
  @Test
  void everyEventThatRaisesAnAlarmIsAnsweredByBothJobs() {
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new LatencyCommand()).setOut(new PrintWriter(out));

    int exitCode =
        command.execute(
            "--capacity=400",
            "--loads=0.5",
            "--warm-up=1",
            "--duration=4",
            "--runs=10",
            "--steps=20",
            "--layers=2",
            "--json");

    assertThat(exitCode).isZero();
    assertThat(out.toString().lines())
        .satisfiesExactly(
            copies -> assertThat(copies).contains("\"job\":\"PASSTHROUGH\"", "\"unanswered\":0,"),
            alarms -> assertThat(alarms).contains("\"job\":\"FULL\"", "\"unanswered\":0,"));
    assertThat(out.toString()).containsPattern("\"answers\":[34][0-9],");
  }
}
