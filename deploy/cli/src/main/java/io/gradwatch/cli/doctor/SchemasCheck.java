package io.gradwatch.cli.doctor;

import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.UndecodableException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** Can this build read what trainers write? */
final class SchemasCheck implements Check {
  private final Site site;
  private final Samples samples;

  SchemasCheck(Site site, Samples samples) {
    this.site = site;
    this.samples = samples;
  }

  @Override
  public String name() {
    return "schemas";
  }

  @Override
  public List<Finding> examine() throws ExecutionException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    samples.byProject().forEach((project, all) -> findings.addAll(judge(project, all)));
    return findings;
  }

  List<Finding> judge(String project, List<Sample> all) {
    String subject = Topics.events(project);
    if (all.isEmpty()) {
      return List.of(
          Finding.note(name(), subject, "no events are there", "", "start a training or a replay"));
    }
    List<Finding> findings = new ArrayList<>();
    long decoded = all.stream().filter(sample -> sample.refused() == null).count();
    if (decoded > 0) {
      findings.add(
          Finding.ok(
              name(),
              subject,
              "%d of the newest %d events decode (%s)".formatted(decoded, all.size(), writers(all)),
              "by the schemas of this command; the job's may be others"));
    }
    Map<Reason, List<Sample>> byReason = new TreeMap<>();
    for (Sample sample : all) {
      Reason reason = sample.refused();
      if (reason != null) {
        byReason.computeIfAbsent(reason, unused -> new ArrayList<>()).add(sample);
      }
    }
    byReason.forEach((reason, some) -> findings.add(refused(subject, reason, some, all.size())));
    return findings;
  }

  private static String writers(List<Sample> all) {
    return all.stream()
        .filter(sample -> sample.refused() == null)
        .collect(Collectors.groupingBy(Sample::writer, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private Finding refused(String subject, Reason reason, List<Sample> some, int of) {
    Sample newest = some.get(some.size() - 1);
    String found =
        "%s: %d of the newest %d, such as %s of '%s': %s"
            .formatted(reason, some.size(), of, newest.place(), newest.run(), newest.message());
    if (reason != Reason.UNKNOWN_SCHEMA) {
      return Finding.problem(
          name(),
          subject,
          found,
          "every event decodes",
          site.remedies().gradwatch("dead-letters", "list", "--reason", reason.name())
              + " tells who sent them; mend that producer");
    }
    String writers =
        some.stream().map(Sample::writer).distinct().limit(5).collect(Collectors.joining(", "));
    return Finding.problem(
        name(),
        subject,
        found + "; written by " + writers,
        "a schema that readers know",
        "upgrade readers first: the job and this command, then producers; afterwards "
            + site.remedies()
                .gradwatch("dead-letters", "replay", "--all", "--reason", reason.name()));
  }
}
