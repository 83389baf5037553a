package io.gradwatch.agent.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.traces.RecordedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
  private static final long START = 1_700_000_000_000L;

  @Test
  void makesRunsThatBeginAndEnd() throws Exception {
    LoadPlan plan = new LoadPlan(4, 3, true, 20, Duration.ofSeconds(2), 0, 7);

    List<RecordedRun> runs = plan.open(START);
    List<TrainingEvent> events = events(runs.get(1));

    assertThat(runs)
        .extracting(RecordedRun::runId)
        .containsExactly("load-7-00001", "load-7-00002", "load-7-00003", "load-7-00004");
    assertThat(events).hasSize(1 + 10 + 1);
    assertThat(((RunStarted) events.get(0).getBody()).getLayerNames())
        .containsExactly("layers.0", "layers.1", "layers.2");
    assertThat(((RunEnded) events.get(11).getBody()).getOutcome()).isEqualTo(RunOutcome.COMPLETED);
    assertThat(events)
        .filteredOn(event -> event.getBody() instanceof StepCompleted)
        .extracting(TrainingEvent::getStep, TrainingEvent::getEmittedAt)
        .startsWith(
            org.assertj.core.groups.Tuple.tuple(0L, START + 50),
            org.assertj.core.groups.Tuple.tuple(1L, START + 250));
    StepCompleted step = (StepCompleted) events.get(5).getBody();
    assertThat(step.getLoss()).isPositive();
    assertThat(step.getLayerWeightNorms()).hasSize(3).allMatch(norm -> norm > 0);
    assertThat(step.getLayerUpdateNorms()).hasSize(3).allMatch(norm -> norm > 0);
    double square = step.getLayerGradNorms().stream().mapToDouble(norm -> norm * norm).sum();
    assertThat(step.getGradNorm()).isCloseTo(Math.sqrt(square), within(1e-6 * step.getGradNorm()));
  }

  @Test
  void tellsTheShareByWhichOneRunHasAFault() throws Exception {
    for (long seed = 0; seed < 100; seed++) {
      double share = load(3, 0, seed).shareOfOneFault();

      assertThat(share).as("seed " + seed).isBetween(0.0, 1.0);
      assertThat(load(3, share, seed).faults().get(Fault.NONE)).as("seed " + seed).isLessThan(3);
      assertThat(load(3, 0.9 * share, seed).faults().get(Fault.NONE))
          .as("seed " + seed)
          .isEqualTo(3);
    }
  }

  private static Load load(int runs, double faults, long seed) throws Exception {
    return new Load(new LoadPlan(runs, 0, false, 10, Duration.ofSeconds(1), faults, seed), START);
  }

  @Test
  void makesTheSameOfTheSameSeedAndAnotherOfAnother() throws Exception {
    LoadPlan plan = new LoadPlan(30, 5, false, 1_000, Duration.ofSeconds(1), 0.5, 7);
    LoadPlan other = new LoadPlan(30, 5, false, 1_000, Duration.ofSeconds(1), 0.5, 8);

    assertThat(all(plan)).isEqualTo(all(plan));
    assertThat(values(plan)).isNotEqualTo(values(other));
  }

  @Test
  void givesFaultsToTheShareOfRunsThatWasAskedFor() throws Exception {
    Map<Fault, Integer> faults =
        new Load(new LoadPlan(10_000, 0, false, 1, null, 0.4, 3), START).faults();

    assertThat(faults).containsOnlyKeys(Fault.values());
    assertThat(faults.get(Fault.NONE)).isCloseTo(6_000, within(200));
    for (Fault fault : List.of(Fault.GROWTH, Fault.NAN, Fault.SPIKES, Fault.STALL)) {
      assertThat(faults.get(fault)).isCloseTo(1_000, within(150));
    }
    assertThat(new Load(new LoadPlan(100, 0, false, 1, null, 0, 3), START).faults())
        .containsEntry(Fault.NONE, 100);
    assertThat(new Load(new LoadPlan(100, 0, false, 1, null, 1, 3), START).faults())
        .containsEntry(Fault.NONE, 0);
  }

  @Test
  void makesFaultsThatBeginOnceTheRunIsKnown() throws Exception {
    LoadPlan plan = new LoadPlan(60, 2, false, 60, Duration.ofSeconds(700), 1, 1);
    Set<Fault> seen = new HashSet<>();
    for (RecordedRun run : plan.open(START)) {
      Fault fault = ((LoadRun) run).fault();
      List<StepCompleted> steps =
          events(run).stream()
              .filter(event -> event.getBody() instanceof StepCompleted)
              .map(event -> (StepCompleted) event.getBody())
              .toList();
      double before = largestGradient(steps.subList(0, 200));
      double after = largestGradient(steps.subList(400, 700));
      assertThat(steps.subList(0, 200))
          .allMatch(step -> Double.isFinite(step.getLoss()) && step.getGradNorm() < 1e4);
      switch (fault) {
        case GROWTH -> assertThat(after).isGreaterThan(1e4 * before);
        case SPIKES -> assertThat(after).isGreaterThan(3 * before);
        case NAN -> assertThat(steps.subList(400, 700)).allMatch(s -> Double.isNaN(s.getLoss()));
        case STALL -> {
          double loss = steps.get(400).getLoss();
          assertThat(steps.subList(400, 700))
              .allMatch(step -> Math.abs(step.getLoss() - loss) < 0.01 * loss);
        }
        case NONE -> throw new AssertionError("every run was to have a fault");
      }
      seen.add(fault);
    }
    assertThat(seen).containsExactlyInAnyOrder(Fault.GROWTH, Fault.NAN, Fault.SPIKES, Fault.STALL);
  }

  @Test
  void goesOnForEverWhereItHasNoDuration() throws Exception {
    LoadPlan plan = new LoadPlan(1, 1, false, 1, null, 0, 0);
    try (RecordedRun run = plan.open(START).get(0)) {
      run.next();
      for (long step = 0; step < 10_000; step++) {
        TrainingEvent event = run.next();
        assertThat(event.getStep()).isEqualTo(step);
        StepCompleted completed = (StepCompleted) event.getBody();
        assertThat(completed.getLoss()).isFinite();
        assertThat(completed.getLayerGradNorms().get(0)).isFinite().isPositive();
      }
      assertThat(run.progress()).isNaN();
    }
  }

  @Test
  void tellsWhatItRefuses() {
    refused("runs: found 0", () -> new LoadPlan(0, 1, false, 1, null, 0, 0));
    refused("runs: found 1000001", () -> new LoadPlan(1_000_001, 1, false, 1, null, 0, 0));
    refused("layers: found -1", () -> new LoadPlan(1, -1, false, 1, null, 0, 0));
    refused("layers: found 16385", () -> new LoadPlan(1, 16_385, false, 1, null, 0, 0));
    refused("steps a second: found 0.0", () -> new LoadPlan(1, 1, false, 0, null, 0, 0));
    refused("steps a second: found NaN", () -> new LoadPlan(1, 1, false, Double.NaN, null, 0, 0));
    refused("the share of faults: found 1.1", () -> new LoadPlan(1, 1, false, 1, null, 1.1, 0));
    refused(
        "the share of faults: found NaN", () -> new LoadPlan(1, 1, false, 1, null, Double.NaN, 0));
    refused("the seed: found -1", () -> new LoadPlan(1, 1, false, 1, null, 0, -1));
    refused("the duration: found PT0S", () -> new LoadPlan(1, 1, false, 1, Duration.ZERO, 0, 0));
  }

  private static void refused(
      String start, org.assertj.core.api.ThrowableAssert.ThrowingCallable plan) {
    assertThatIllegalArgumentException().isThrownBy(plan).withMessageStartingWith(start);
  }

  private static double largestGradient(List<StepCompleted> steps) {
    return steps.stream().mapToDouble(StepCompleted::getGradNorm).max().orElseThrow();
  }

  private static List<List<TrainingEvent>> all(LoadPlan plan) throws Exception {
    List<List<TrainingEvent>> all = new ArrayList<>();
    for (RecordedRun run : plan.open(START)) {
      all.add(events(run));
    }
    return all;
  }

  private static List<Object> values(LoadPlan plan) throws Exception {
    return all(plan).stream()
        .flatMap(List::stream)
        .map(TrainingEvent::getBody)
        .map(Object::toString)
        .map(Object.class::cast)
        .toList();
  }

  static List<TrainingEvent> events(RecordedRun run) throws Exception {
    List<TrainingEvent> events = new ArrayList<>();
    for (TrainingEvent event = run.next(); event != null; event = run.next()) {
      events.add(event);
    }
    return events;
  }
}
