package io.gradwatch.jobs;

import io.gradwatch.jobs.functions.MonitorLimits;
import io.gradwatch.jobs.kafka.KafkaEnds;
import io.gradwatch.jobs.options.JobArguments;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.AvroLimits;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job on Kafka: a main class for {@code flink run}, and a way to start it in this process. */
public final class GradwatchJob {
  /** Name under which clusters list the job. */
  public static final String NAME = "gradwatch";

  /**
   * A restart does not mend the storage of checkpoints, and while that is away Flink's adaptive
   * scheduler cannot restart: it gives the job up for good. How long they may fail is bounded by
   * {@link #mostCheckpointAge}.
   */
  private static final int TOLERABLE_FAILED_CHECKPOINTS = Integer.MAX_VALUE;

  /**
   * Bound of any later parallelism, fixed for good with the first checkpoint. 720 has many
   * divisors, so that most parallelisms get equal shares.
   */
  private static final int MAX_PARALLELISM = 720;

  /**
   * How long an event may wait on its way to the monitor for others to travel with. Flink's 100 ms
   * would be most of the time from an event to its alarm; where events come fast enough for it to
   * matter, buffers are full sooner.
   */
  private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(5);

  private GradwatchJob() {}

  /**
   * Runs the job where Flink says: on the cluster of {@code flink run}, else in this process.
   *
   * @param args see {@link JobArguments}
   */
  public static void main(String... args) throws Exception {
    JobArguments arguments = JobArguments.parse(args);
    define(arguments.options(), arguments.flink()).execute(NAME);
  }

  /**
   * Starts the job and returns at once.
   *
   * @param flink settings of Flink; without {@code execution.target} the job runs in this process,
   *     on a cluster of its own that ends with it
   * @return a handle to watch, to stop with a savepoint and to cancel
   */
  public static JobClient start(JobOptions options, Configuration flink) throws Exception {
    return define(options, flink).executeAsync(NAME);
  }

  /** The job, not yet run. */
  static StreamExecutionEnvironment define(JobOptions options, Configuration flink) {
    AvroLimits.ensure();
    StreamExecutionEnvironment env = environment(options, flink);
    KafkaEnds kafka = new KafkaEnds(options);
    GradwatchPipeline.define(
        env,
        new GradwatchPipeline.Sources(kafka.events(), kafka.policies(), kafka.policyLog()),
        new GradwatchPipeline.Sinks(
            kafka.alarms(),
            kafka.recommendations(),
            kafka.statistics(),
            kafka.deadLetters(),
            kafka.incidents()),
        new MonitorLimits(
            (int) options.get(JobOptions.DEAD_LETTER_MAX_SIZE).getBytes(),
            options.get(JobOptions.RUN_EXPIRY),
            options.get(JobOptions.MAX_RUNS),
            options.get(JobOptions.MAX_WARNINGS),
            options.get(JobOptions.HELD_RUNS),
            mostCheckpointAge(options)),
        options.wire());
    return env;
  }

  /**
   * With it, a pause and a checkpoint of less than a third each, what waits for a checkpoint is
   * committed before the broker ends its transaction, or comes again.
   */
  private static Duration mostCheckpointAge(JobOptions options) {
    return options.get(JobOptions.STATISTICS_GUARANTEE) == DeliveryGuarantee.EXACTLY_ONCE
        ? options.get(JobOptions.TRANSACTION_TIMEOUT).dividedBy(3)
        : MonitorLimits.ANY_AGE;
  }

  /**
   * An environment with what the job insists on, and with our defaults where nothing is set.
   *
   * @throws IllegalArgumentException when checkpoints are too rare for the transactions
   */
  public static StreamExecutionEnvironment environment(JobOptions options, Configuration flink) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    ReadableConfig given = env.getConfiguration();
    Configuration ours = new Configuration();
    ours.set(PipelineOptions.GENERIC_TYPES, false);
    ours.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    unlessGiven(
        CheckpointingOptions.CHECKPOINTING_INTERVAL,
        options.get(JobOptions.CHECKPOINT_INTERVAL),
        given,
        ours);
    unlessGiven(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION,
        given,
        ours);
    unlessGiven(
        CheckpointingOptions.CHECKPOINTING_TIMEOUT,
        options.get(JobOptions.TRANSACTION_TIMEOUT).dividedBy(4),
        given,
        ours);
    unlessGiven(
        CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, TOLERABLE_FAILED_CHECKPOINTS, given, ours);
    unlessGiven(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM, given, ours);
    unlessGiven(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT, given, ours);
    env.configure(ours);
    requireWithinTransaction(options, env.getConfiguration());
    return env;
  }

  /** Flink's own settings decide how often there is a checkpoint; a longer pause wins. */
  private static void requireWithinTransaction(JobOptions options, ReadableConfig effective) {
    options.requireWithinTransaction(
        CheckpointingOptions.CHECKPOINTING_INTERVAL.key(),
        effective.get(CheckpointingOptions.CHECKPOINTING_INTERVAL));
    options.requireWithinTransaction(
        CheckpointingOptions.CHECKPOINTING_TIMEOUT.key(),
        effective.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT));
    Duration pause = effective.get(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS);
    if (!pause.isZero()) {
      options.requireWithinTransaction(
          CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS.key(), pause);
    }
  }

  private static <T> void unlessGiven(
      ConfigOption<T> option, T value, ReadableConfig given, Configuration ours) {
    if (given.getOptional(option).isEmpty()) {
      ours.set(option, value);
    }
  }
}
