package io.gradwatch.cli.demo;

import io.gradwatch.agent.PlaySummary;
import io.gradwatch.cli.kafka.Feed;
import io.gradwatch.cli.kafka.TopicReader;
import io.gradwatch.cli.service.LocalService;
import io.gradwatch.cli.terminal.CommandFailedException;
import io.gradwatch.producer.EventPublisher;
import io.gradwatch.producer.Overflow;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.records.AdviceReason;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Replays runs into a service and follows what it publishes about them. */
final class Demo {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Longest wait, when all is sent, for the last of the outputs. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Advice is shown where it tells a story; small moves with the baseline are only counted. */
  private static final Set<AdviceReason> TOLD =
      EnumSet.of(
          AdviceReason.COLD_START,
          AdviceReason.DISTURBANCE,
          AdviceReason.RECOVERED,
          AdviceReason.REWOUND);

  private final RecordCodec<DivergenceAlarm> alarms = RecordCodec.of(DivergenceAlarm.class);
  private final RecordCodec<ClipRecommendation> advice = RecordCodec.of(ClipRecommendation.class);
  private final RecordCodec<RunStatistics> statistics = RecordCodec.of(RunStatistics.class);
  private final LocalService service;
  private final DemoReplay replay;
  private final Scoreboard scoreboard;
  private final DemoScreen screen;

  Demo(LocalService service, DemoReplay replay, Scoreboard scoreboard, DemoScreen screen) {
    this.service = service;
    this.replay = replay;
    this.scoreboard = scoreboard;
    this.screen = screen;
  }

  /** Opens the outputs, from their beginning. */
  TopicReader open() {
    String project = Topics.DEFAULT_PROJECT;
    return new TopicReader(
        service.clientSettings(),
        List.of(
            Feed.ALARMS.topic(project),
            Feed.RECOMMENDATIONS.topic(project),
            Feed.STATISTICS.topic(project)),
        true);
  }

  /** Returns when all is sent and everything about it has arrived. */
  void replayAndFollow(TopicReader outputs) throws InterruptedException, ExecutionException {
    FutureTask<Boolean> sending = new FutureTask<>(this::send);
    Thread sender = new Thread(sending, "gradwatch-replay");
    sender.setDaemon(true);
    sender.start();
    while (!sending.isDone()) {
      follow(outputs);
      screen.progress(replay.progress(), replay.steps(), scoreboard);
    }
    if (!sending.get()) {
      throw new CommandFailedException("only part of the events could be sent");
    }
    followToTheEnd(outputs);
    screen.clearProgress();
  }

  /** Shows what comes until the job ends. */
  void followForEver(TopicReader outputs) {
    while (true) {
      follow(outputs);
    }
  }

  /** True when all events have arrived at the broker. */
  private boolean send() throws IOException {
    EventPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers(service.bootstrapServers())
            .overflow(Overflow.WAIT)
            .buildForAnyRun();
    PlaySummary summary;
    try (publisher) {
      summary = replay.run(publisher);
    }
    return summary.complete()
        && summary.failures().isEmpty()
        && publisher.stats().published() == summary.events();
  }

  /**
   * The job ends its account of a run with statistics, which come to light with a checkpoint: after
   * everything else about the run is in its topic.
   */
  private void followToTheEnd(TopicReader outputs) {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    boolean heardOfAll = false;
    while (!heardOfAll || !outputs.hasReached(outputs.ends())) {
      heardOfAll = scoreboard.hasHeardOf(replay.lastSteps());
      follow(outputs);
      screen.progress(1, replay.steps(), scoreboard);
      if (System.nanoTime() > giveUp) {
        throw new CommandFailedException(
            "not everything has arrived " + PATIENCE.toSeconds() + " s after the last event");
      }
    }
  }

  private void follow(TopicReader outputs) {
    if (service.jobEnd().isDone()) {
      throw new CommandFailedException("the job has ended", failureOfTheJob());
    }
    for (ConsumerRecord<byte[], byte[]> record : outputs.poll(POLL)) {
      try {
        take(record);
      } catch (RecordFormatException e) {
        throw new IllegalStateException("the job published what its own codec cannot read", e);
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws RecordFormatException {
    String project = Topics.DEFAULT_PROJECT;
    if (record.topic().equals(Topics.alarms(project))) {
      DivergenceAlarm alarm = alarms.decode(record.value());
      if (scoreboard.alarm(alarm)) {
        screen.alarm(alarm);
      }
    } else if (record.topic().equals(Topics.recommendations(project))) {
      ClipRecommendation recommendation = advice.decode(record.value());
      scoreboard.advice(recommendation);
      if (TOLD.contains(recommendation.getReason())) {
        screen.advice(recommendation);
      }
    } else {
      scoreboard.statistics(statistics.decode(record.value()));
    }
  }

  private Throwable failureOfTheJob() {
    return service
        .jobEnd()
        .handle(
            (end, failure) -> failure == null ? new IllegalStateException("it finished") : failure)
        .join();
  }
}
