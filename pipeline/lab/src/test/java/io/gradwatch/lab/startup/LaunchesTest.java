package io.gradwatch.lab.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaunchesTest {
  @Test
  void tellsMedianAndExtremesOfTheTimesAndTheMedianOfTheProcessorTimes() {
    Launches launches = new Launches();
    launches.add(new Launch(3_000_000_000L, 500));
    launches.add(new Launch(1_000_000_000L, 700));
    launches.add(new Launch(2_000_000_000L, 600));

    assertThat(launches.seconds()).isEqualTo(2);
    assertThat(launches.least()).isEqualTo(1);
    assertThat(launches.largest()).isEqualTo(3);
    assertThat(launches.cpuSeconds()).isEqualTo(0.6);
  }

  @Test
  void tellsNoProcessorTimeWhereTheSystemTellsNone() {
    Launches launches = new Launches();
    launches.add(new Launch(1, -1));

    assertThat(launches.cpuSeconds()).isNaN();
  }
}
