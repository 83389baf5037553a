package io.gradwatch.cli.doctor;

import io.gradwatch.cli.kafka.DeadLetter;
import io.gradwatch.cli.kafka.Excerpt;
import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/** What was refused lately, and why? */
final class DeadLettersCheck implements Check {
  private static final Duration LATELY = Duration.ofDays(1);

  private final Site site;
  private final Excerpt excerpt;
  private final int count;

  /**
   * @param count most letters read
   */
  DeadLettersCheck(Site site, Excerpt excerpt, int count) {
    this.site = site;
    this.excerpt = excerpt;
    this.count = count;
  }

  /**
   * A letter, as far as it matters here.
   *
   * @param timestampMillis time of the refused record
   */
  record Letter(String id, String reason, long timestampMillis) {}

  @Override
  public String name() {
    return "dead letters";
  }

  @Override
  public List<Finding> examine() throws ExecutionException, InterruptedException {
    if (!site.admin().listTopics().names().get().contains(Topics.DEAD_LETTERS)) {
      return List.of();
    }
    List<Letter> letters = new ArrayList<>();
    excerpt.newest(
        Topics.DEAD_LETTERS,
        count,
        record -> {
          DeadLetter letter = new DeadLetter(record);
          letters.add(new Letter(letter.id(), letter.reason(), record.timestamp()));
        });
    return judge(letters, System.currentTimeMillis());
  }

  List<Finding> judge(List<Letter> letters, long nowMillis) {
    Map<String, List<Letter>> byReason = new TreeMap<>();
    for (Letter letter : letters) {
      if (letter.timestampMillis() > nowMillis - LATELY.toMillis()) {
        byReason.computeIfAbsent(letter.reason(), unused -> new ArrayList<>()).add(letter);
      }
    }
    if (byReason.isEmpty()) {
      return List.of(
          Finding.ok(
              name(),
              Topics.DEAD_LETTERS,
              "none of the last day among the newest " + letters.size(),
              ""));
    }
    List<Finding> findings = new ArrayList<>();
    byReason.forEach((reason, some) -> findings.add(refused(reason, some, letters.size())));
    return findings;
  }

  private Finding refused(String reason, List<Letter> some, int of) {
    Letter newest = some.get(0);
    for (Letter letter : some) {
      newest = letter.timestampMillis() >= newest.timestampMillis() ? letter : newest;
    }
    return Finding.note(
        name(),
        reason.isEmpty() ? "(no reason)" : reason,
        "%d of the newest %d are of the last day; the newest is %s, %s"
            .formatted(
                some.size(), of, newest.id(), Instant.ofEpochMilli(newest.timestampMillis())),
        "",
        site.remedies().gradwatch("dead-letters", "list", "--reason", reason));
  }
}
