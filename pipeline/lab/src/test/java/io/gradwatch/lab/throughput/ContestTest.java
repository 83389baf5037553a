package io.gradwatch.lab.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.lab.JsonLine;
import io.gradwatch.lab.Machine;
import io.gradwatch.lab.SyntheticSteps.Reported;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ContestTest {
  private final List<String> heats = new ArrayList<>();
  private final Track track =
      new Track(
          "nowhere:1",
          Map.of(new TopicPartition("events", 0), 1_000L, new TopicPartition("events", 1), 1L),
          1,
          "file:///nowhere",
          Map.of(),
          0);

  /** One whose speed falls by a tenth of what it began with from heat to heat. */
  private final class Tiring implements Entrant {
    private final String name;
    private final double share;
    private final double rate;

    private Tiring(String name, double share, double rate) {
      this.name = name;
      this.share = share;
      this.rate = rate;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double share() {
      return share;
    }

    @Override
    public HeatResult run(Track where, String heat) {
      double now = rate * (1 - 0.1 * heats.size());
      heats.add(heat + " of " + where.records());
      return new HeatResult(where.records(), now, 1e6 / now);
    }
  }

  private final List<Entrant> entrants =
      List.of(new Tiring("PLAIN", 1, 1_000), new Tiring("THE_JOB", 0.25, 500));

  private Tally held() throws Exception {
    return new Contest(entrants, track::first, new HeatLength.Fixed(track.records()), line -> {})
        .hold(2);
  }

  @Test
  void runsTheFirstBeforeAndAfterTheOthersOnceItIsWarm() throws Exception {
    Tally tally = held();
    assertThat(heats)
        .containsExactly(
            "plain-warm-up-0 of 1001",
            "the-job-warm-up-0 of 251",
            "plain-warm-up-0-again of 1001",
            "plain-1 of 1001",
            "the-job-1 of 251",
            "plain-1-again of 1001",
            "plain-2 of 1001",
            "the-job-2 of 251",
            "plain-2-again of 1001");
    assertThat(tally.rounds()).isEqualTo(2);
  }

  @Test
  void doesNotCountRoundsInWhichTheCompilerWorks() throws Exception {
    List<String> of = new ArrayList<>();
    Entrant compiled =
        new Entrant() {
          @Override
          public String name() {
            return "COMPILED";
          }

          @Override
          public double share() {
            return 1;
          }

          @Override
          public HeatResult run(Track where, String heat) {
            of.add(heat);
            return new HeatResult(where.records(), 1, 1, 1, 0.5 / of.size());
          }
        };
    new Contest(List.of(compiled), track::first, new HeatLength.Fixed(track.records()), line -> {})
        .hold(1);
    assertThat(of).hasSize(6).startsWith("compiled-warm-up-0").endsWith("compiled-1");
  }

  @Test
  void letsEveryHeatThatCountsLastByThePaceOfItsLast() throws Exception {
    HeatLength length = new HeatLength.Lasting(0.7, 100, 0, 100_000);
    new Contest(entrants, track::first, length, line -> {}).hold(1);
    assertThat(heats)
        .containsExactly(
            "plain-warm-up-0 of 101",
            "the-job-warm-up-0 of 26",
            "plain-warm-up-0-again of 101",
            "plain-1 of 881", // 800 a second, a tenth more, and one of the other partition
            "the-job-1 of 497", // 450 a second, rounded up
            "plain-1-again of 771"); // 700 a second
  }

  @Test
  void cancelsADriftOfTheMachineWithinARound() throws Exception {
    Tally tally = held();
    assertThat(tally.medianRatio("THE_JOB", HeatResult::recordsPerSecond))
        .isCloseTo(0.5, within(1e-9));
    assertThat(tally.median("PLAIN", HeatResult::recordsPerSecond))
        .isCloseTo((600 + 300) / 2.0, within(1e-9)); // heats 4 and 7 of a machine that gets slower
  }

  @Test
  void tellsEachInATableAndInJson() throws Exception {
    Workload workload =
        new Workload(RecordedNetwork.of(Path.of("traces/dev"), 4, Reported.ALL_NORMS), 10, 1_001);
    ContestText text = new ContestText(workload, 77, 1, entrants, held());
    assertThat(text.table())
        .hasSize(4)
        .contains("| THE_JOB | 251 | 225 | 2,700 | 0.500 | 5000.00 µs | 1.86 | not known |");
    Machine machine = new Machine(2, "x", 1, 1, "VM", "OS");
    assertThat(text.json(machine))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).endsWith(new JsonLine("").on(machine).substring(16)))
        .last()
        .asString()
        .startsWith(
            "{\"benchmark\":\"throughput\",\"job\":\"THE_JOB\",\"runs\":10,\"layers\":4,"
                + "\"reported\":\"ALL_NORMS\",\"values_per_event\":12,\"bytes_per_event\":77,"
                + "\"parallelism\":1,\"rounds\":2,\"events\":251,\"events_per_second\":225.0,"
                + "\"values_per_second\":2700.0,");
  }
}
