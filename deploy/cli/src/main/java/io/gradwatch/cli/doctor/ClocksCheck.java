package io.gradwatch.cli.doctor;

import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Do this machine, Kafka and the trainers have the same time? */
final class ClocksCheck implements Check {
  /** Policies published here take effect 10 s later, by this clock. */
  static final Duration MACHINE_BOUND = Duration.ofSeconds(5);

  /** A tenth of the window in which pages of several runs make one incident. */
  static final Duration TRAINER_BOUND = Duration.ofMinutes(1);

  private static final int MOST_NAMED = 10;
  private static final String SYNCHRONISE = "let its clock be set by NTP (chronyc tracking)";

  private final Site site;
  private final Samples samples;

  ClocksCheck(Site site, Samples samples) {
    this.site = site;
    this.samples = samples;
  }

  @Override
  public String name() {
    return "clocks";
  }

  @Override
  public List<Finding> examine() throws ExecutionException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    Clocks clocks = Clocks.read(site.admin());
    findings.add(machine(clocks));
    for (var project : samples.byProject().entrySet()) {
      long now = samples.takenAtMillis() - clocks.aheadMillis().orElse(0);
      findings.addAll(trainers(project.getKey(), project.getValue(), now));
    }
    return findings;
  }

  Finding machine(Clocks clocks) {
    String bound = "within " + MACHINE_BOUND.toSeconds() + " s of Kafka's controller";
    if (clocks.aheadMillis().isEmpty()) {
      return Finding.note(
          name(),
          "this machine",
          "Kafka does not tell its time; trainers are held against this machine's clock",
          bound,
          "the principal needs Describe on the cluster");
    }
    long ahead = clocks.aheadMillis().getAsLong();
    String found =
        "%d ms %s Kafka's controller, give or take %d ms"
            .formatted(
                Math.abs(ahead), ahead >= 0 ? "ahead of" : "behind", clocks.uncertaintyMillis());
    return Math.abs(ahead) - clocks.uncertaintyMillis() <= MACHINE_BOUND.toMillis()
        ? Finding.ok(name(), "this machine", found, bound)
        : Finding.problem(
            name(),
            "this machine",
            found,
            bound,
            "of this machine or the controller's: " + SYNCHRONISE);
  }

  /**
   * Clocks of the trainings.
   *
   * @param nowMillis the time after the samples were read, as Kafka has it if that is known
   */
  List<Finding> trainers(String project, List<Sample> all, long nowMillis) {
    List<Sample> events = all.stream().filter(sample -> sample.refused() == null).toList();
    if (events.isEmpty()) {
      return List.of();
    }
    String subject = "runs of " + project;
    List<Finding> findings = new ArrayList<>();
    Map<String, Long> ahead =
        beyond(
            events,
            sample -> Math.max(sample.emittedAtMillis(), sample.timestampMillis()) - nowMillis);
    if (!ahead.isEmpty()) {
      findings.add(
          Finding.problem(
              name(),
              subject,
              "ahead: " + named(ahead),
              "at most "
                  + TRAINER_BOUND.toSeconds()
                  + " s; records from the future outstay retention",
              "on the trainer's machine, " + SYNCHRONISE));
    }
    List<Sample> stamped = events.stream().filter(Sample::brokersTime).toList();
    Map<String, Long> behind =
        beyond(stamped, sample -> sample.timestampMillis() - sample.emittedAtMillis());
    if (!behind.isEmpty()) {
      findings.add(
          Finding.note(
              name(),
              subject,
              "behind, or delayed on their way: " + named(behind),
              "at most " + TRAINER_BOUND.toSeconds() + " s",
              "on the trainer's machine, "
                  + SYNCHRONISE
                  + "; replays of old events are late, too"));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              name(),
              subject,
              "none is ahead"
                  + (stamped.isEmpty()
                      ? "; one that is behind cannot be told from a late one, as "
                          + Topics.events(project)
                          + " has the producers' times (CreateTime)"
                      : " or behind"),
              "at most " + TRAINER_BOUND.toSeconds() + " s"));
    }
    return findings;
  }

  /** Runs of which an event is beyond the bound, and by how much the worst of them is. */
  private static Map<String, Long> beyond(List<Sample> events, ToLongFunction<Sample> millis) {
    Map<String, Long> most = new TreeMap<>();
    events.forEach(event -> most.merge(event.run(), millis.applyAsLong(event), Math::max));
    most.values().removeIf(value -> value <= TRAINER_BOUND.toMillis());
    return most;
  }

  private static String named(Map<String, Long> runs) {
    String some =
        runs.entrySet().stream()
            .limit(MOST_NAMED)
            .map(run -> "'" + run.getKey() + "' by " + run.getValue() / 1000 + " s")
            .collect(Collectors.joining(", "));
    return runs.size() > MOST_NAMED ? some + " and " + (runs.size() - MOST_NAMED) + " more" : some;
  }
}
