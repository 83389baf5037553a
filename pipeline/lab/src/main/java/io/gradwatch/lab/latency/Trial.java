package io.gradwatch.lab.latency;

import io.gradwatch.lab.throughput.Capacity;
import io.gradwatch.lab.timing.Percentiles;
import io.gradwatch.lab.timing.Schedule;
import io.gradwatch.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.core.execution.JobClient;

/**
 * Events at one rate and one job that answers some of them.
 *
 * @param runs what the events tell
 * @param parallelism of the job
 * @param settings of Flink, by name
 */
record Trial(ShortRuns runs, int parallelism, Map<String, String> settings) {
  /** How long no answer may come before the rest is given up. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final double MILLIS = 1e3;

  /**
   * What it took.
   *
   * @param millis from an event to its answer, by the broker's clock
   * @param unanswered events that should have been answered and were not
   * @param behindNanos how late the generator handed over each event
   */
  record Result(Percentiles millis, int unanswered, Percentiles behindNanos) {}

  /**
   * Sends at a fixed rate for so long.
   *
   * @param warmUp at the same rate before, until all of it is answered
   */
  Result run(Questioned job, double perSecond, Duration warmUp, Duration counted) throws Exception {
    try (Site site = new Site()) {
      JobClient client = site.start(job, parallelism, settings);
      Generator generator = new Generator(runs, site.bootstrapServers());
      long before = events(perSecond, warmUp);
      generator.send(0, before, new Schedule(System.nanoTime(), perSecond));
      // What has piled up while the job started would count against it for long.
      await(site, job, asked(site, before));
      long from = System.currentTimeMillis();
      long events = events(perSecond, counted);
      Generator.Result sent =
          generator.send(before, events, new Schedule(System.nanoTime(), perSecond));
      Answers answers = asked(site, before + events);
      await(site, job, answers);
      site.end(client);
      return new Result(
          Percentiles.of(answers.millisSince(from)),
          answers.askedSince(from) - answers.answeredSince(from),
          sent.behindNanos());
    }
  }

  private static long events(double perSecond, Duration time) {
    return (long) (perSecond * time.toMillis() / MILLIS);
  }

  /**
   * Events a second that the whole job takes where they are all there already, once it is warm.
   *
   * @param events that are there, to be read several times
   * @param progress is told of every time
   */
  double capacity(long events, Consumer<String> progress) throws Exception {
    try (Site site = new Site()) {
      new Generator(runs, site.bootstrapServers())
          .send(0, events, new Schedule(System.nanoTime(), Generator.AT_ONCE));
      return Capacity.of(
          site.bootstrapServers(), parallelism, settings, site.checkpoints(), progress);
    }
  }

  private static Answers asked(Site site, long events) {
    Answers answers = new Answers();
    long[] read = {0};
    site.read(
        Topics.events(Topics.DEFAULT_PROJECT),
        PATIENCE,
        record -> {
          read[0]++;
          if (record.headers().lastHeader(Generator.RAISES) != null) {
            answers.asked(Questioned.run(record), record.timestamp());
          }
        },
        () -> read[0] == events);
    return answers;
  }

  private static void await(Site site, Questioned job, Answers answers) {
    site.read(
        job.topic(),
        PATIENCE,
        record -> {
          if (job.isAnswer(record)) {
            answers.answered(Questioned.run(record), record.timestamp());
          }
        },
        () -> answers.answeredSince(0) == answers.askedSince(0));
  }
}
