package io.gradwatch.cli.doctor;

import io.gradwatch.cli.kafka.Excerpt;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/** The newest events of each project, read once for all who look at them. */
final class Samples {
  private final Site site;
  private final Excerpt excerpt;
  private final int count;
  private @Nullable Map<String, List<Sample>> taken;
  private long takenAtMillis;

  /**
   * @param count most records of one project
   */
  Samples(Site site, Excerpt excerpt, int count) {
    this.site = site;
    this.excerpt = excerpt;
    this.count = count;
  }

  /**
   * Samples by project; a project without event topic has none.
   *
   * @throws AuthorizationException when a topic may not be read
   */
  synchronized Map<String, List<Sample>> byProject()
      throws ExecutionException, InterruptedException {
    if (taken == null) {
      var there = site.admin().listTopics().names().get();
      Map<String, List<Sample>> all = new LinkedHashMap<>();
      Sample.Taker taker = new Sample.Taker(site.registry());
      for (String project : site.projects()) {
        List<Sample> samples = new ArrayList<>();
        if (there.contains(Topics.events(project))) {
          excerpt.newest(
              Topics.events(project), count, record -> taker.take(record).ifPresent(samples::add));
        }
        all.put(project, samples);
      }
      takenAtMillis = System.currentTimeMillis();
      taken = all;
    }
    return taken;
  }

  /** When they had been read, by this machine's clock; 0 before. */
  synchronized long takenAtMillis() {
    return takenAtMillis;
  }
}
