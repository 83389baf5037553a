package io.gradwatch.lab.latency;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CheckpointStatsStatus;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink that stands in this process beside its jobs, so that a TaskManager can be lost. Until it
 * closes, all jobs that this process starts run on it.
 */
final class FlinkCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int KEPT_CHECKPOINTS = 1_000;

  private final MiniCluster cluster;

  /**
   * Starts it with one TaskManager.
   *
   * @param slots of each TaskManager
   */
  FlinkCluster(int slots) throws Exception {
    Configuration flink = new Configuration();
    flink.set(WebOptions.CHECKPOINTS_HISTORY_SIZE, KEPT_CHECKPOINTS);
    // There is no code but that of this process: nothing can leak.
    flink.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(flink)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .withRandomPorts()
                .build());
    try {
      cluster.start();
      Environment.lead(address());
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  private Configuration address() throws Exception {
    URI rest = cluster.getRestAddress().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    Configuration address = new Configuration();
    address.set(DeploymentOptions.TARGET, "remote");
    address.set(RestOptions.ADDRESS, rest.getHost());
    address.set(RestOptions.PORT, rest.getPort());
    return address;
  }

  /** What a job asks for its environment; a job that is not told runs on a cluster of its own. */
  @SuppressWarnings("try") // what it inherits
  private static final class Environment extends StreamExecutionEnvironment {
    private Environment(Configuration flink) {
      super(flink);
    }

    static void lead(Configuration address) {
      initializeContextEnvironment(
          flink -> {
            Configuration there = new Configuration(flink);
            there.addAll(address);
            return new Environment(there);
          });
    }

    static void leave() {
      resetContextEnvironment();
    }
  }

  /**
   * A checkpoint that was completed.
   *
   * @param millis from its trigger to the last answer
   * @param bytes written for it
   */
  record Checkpoint(long millis, long bytes) {}

  /** Those of a job that were triggered since then, savepoints left out. */
  List<Checkpoint> checkpointsSince(JobID job, long fromMillis) throws Exception {
    CheckpointStatsSnapshot statistics =
        cluster
            .getExecutionGraph(job)
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .getCheckpointStatsSnapshot();
    return statistics == null
        ? List.of()
        : statistics.getHistory().getCheckpoints().stream()
            .filter(
                checkpoint ->
                    checkpoint.getStatus() == CheckpointStatsStatus.COMPLETED
                        && !checkpoint.getProperties().isSavepoint()
                        && checkpoint.getTriggerTimestamp() >= fromMillis)
            .map(FlinkCluster::checkpoint)
            .toList();
  }

  private static Checkpoint checkpoint(AbstractCheckpointStats statistics) {
    return new Checkpoint(statistics.getEndToEndDuration(), statistics.getCheckpointedSize());
  }

  /** Starts another TaskManager, which has nothing to do yet. */
  void startSpareTaskManager() throws Exception {
    cluster.startTaskManager();
  }

  /** Ends the first TaskManager and what runs on it; returns when it has ended. */
  void loseTaskManager() throws Exception {
    cluster.terminateTaskManager(0).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    Environment.leave();
    cluster.closeAsync().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }
}
