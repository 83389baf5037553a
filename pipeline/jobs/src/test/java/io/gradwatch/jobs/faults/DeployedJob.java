package io.gradwatch.jobs.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.broker.testing.Await;
import io.gradwatch.jobs.options.JobOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;

/** The job on a cluster: deployed, stopped with a savepoint, deployed again, rescaled, watched. */
final class DeployedJob {
  private static final Set<String> ENDS = Set.of("FAILED", "CANCELED", "FINISHED");

  /**
   * What Flink says when it gives a job up because it can make no folders for its checkpoints, as
   * it does where the JobManager or the adaptive scheduler has to begin anew just then.
   */
  private static final String NO_STORAGE = "Failed to create checkpoint storage";

  private final Cluster cluster;
  private final FlinkRest rest;
  private Path jar;
  private int parallelism;
  private @Nullable String startedFrom;
  private int givenUp;
  private String id;

  /**
   * Deploys the job where nothing of it is yet.
   *
   * @param jar the job's shaded jar
   */
  DeployedJob(Cluster cluster, Path jar, int parallelism) {
    this.cluster = cluster;
    this.rest = cluster.rest();
    this.jar = jar;
    this.parallelism = parallelism;
    this.id = deploy(null);
  }

  private String deploy(@Nullable String savepoint) {
    startedFrom = savepoint;
    String fresh = JobID.generate().toHexString();
    ObjectNode request = FlinkRest.object();
    request.put("jobId", fresh); // so that asking twice does not run it twice
    request.put("parallelism", parallelism);
    List.of(
            "--bootstrap-server",
            cluster.broker().bootstrapServers(),
            option(JobOptions.CHECKPOINT_INTERVAL.name()),
            "500 ms",
            option(JobOptions.DISCOVERY_INTERVAL.name()),
            "1 s",
            option(JobOptions.DELIVERY_TIMEOUT.name()),
            "10 s")
        .forEach(request.withArray("programArgsList")::add);
    if (savepoint != null) {
      request.put("savepointPath", savepoint);
    }
    Await.until(
        "the job to be accepted",
        () -> {
          cluster.revive();
          return rest.get("jobs/" + fresh).isPresent()
              || rest.upload(jar)
                  .flatMap(uploaded -> rest.post("jars/" + uploaded + "/run", request))
                  .isPresent();
        });
    return fresh;
  }

  private static String option(String name) {
    return "--" + name.substring(name.indexOf('.') + 1);
  }

  /** Stops the job with a savepoint and starts it from there, at this parallelism. */
  void redeploy(int newParallelism) {
    String savepoint = stop();
    parallelism = newParallelism;
    id = deploy(savepoint);
  }

  /** The same with another jar. */
  void upgrade(Path newJar) {
    jar = newJar;
    redeploy(parallelism);
  }

  int parallelism() {
    return parallelism;
  }

  /** Asks the adaptive scheduler for another parallelism, without a stop. */
  void rescale(int newParallelism) {
    parallelism = newParallelism;
    Await.until(
        "the job to take parallelism " + newParallelism,
        () -> {
          cluster.revive();
          return details().flatMap(job -> requireParallelism(job, newParallelism)).isPresent();
        });
    Await.until(
        "the job to run at parallelism " + newParallelism,
        () -> {
          cluster.revive();
          return details().filter(job -> runsAt(job, newParallelism)).isPresent();
        });
  }

  private Optional<JsonNode> requireParallelism(JsonNode job, int upperBound) {
    ObjectNode request = FlinkRest.object();
    for (JsonNode vertex : job.path("vertices")) {
      request
          .putObject(vertex.path("id").asText())
          .putObject("parallelism")
          .put("lowerBound", 1)
          .put("upperBound", upperBound);
    }
    return rest.put("jobs/" + id + "/resource-requirements", request);
  }

  private static boolean runsAt(JsonNode job, int wanted) {
    for (JsonNode vertex : job.path("vertices")) {
      if (vertex.path("parallelism").asInt() != wanted) {
        return false;
      }
    }
    return runs(job);
  }

  /** Stops the job with a savepoint, which writes everything out; where the savepoint is. */
  String stop() {
    return Await.first(
        "a savepoint of a job that runs",
        () -> {
          awaitRunning();
          ObjectNode request = FlinkRest.object();
          request.put("targetDirectory", cluster.savepoints().toUri().toString());
          request.put("drain", false);
          return rest.post("jobs/" + id + "/stop", request)
              .flatMap(accepted -> savepoint(accepted.path("request-id").asText()));
        });
  }

  /** Empty when it failed, as it may when the job restarts in the middle. */
  private Optional<String> savepoint(String trigger) {
    JsonNode operation =
        Await.first(
            "savepoint " + trigger,
            () -> {
              cluster.revive();
              Optional<JsonNode> answer = rest.get("jobs/" + id + "/savepoints/" + trigger);
              return answer
                  .filter(found -> found.path("status").path("id").asText().equals("COMPLETED"))
                  .map(found -> found.path("operation"));
            });
    return Optional.ofNullable(operation.get("location")).map(JsonNode::asText);
  }

  void awaitRunning() {
    Await.until(
        "job " + id + " to run",
        () -> {
          cluster.revive();
          return details().filter(DeployedJob::runs).isPresent();
        });
  }

  /**
   * Returns when every task runs and a checkpoint is complete that was begun after a fault.
   *
   * @throws IllegalStateException when the job has ended, or this takes longer than {@link
   *     Await#LIVENESS}
   */
  Recovery awaitRecovery(Instant fault) {
    Instant[] lastSeenDown = {fault};
    return Await.first(
        "job " + id + " to complete a checkpoint after a fault",
        () -> {
          cluster.revive();
          Instant now = Instant.now();
          if (details().filter(DeployedJob::runs).isEmpty()) {
            lastSeenDown[0] = now;
            return Optional.empty();
          }
          return newestCheckpoint()
              .filter(begun -> begun.isAfter(fault))
              .map(
                  begun ->
                      new Recovery(
                          Duration.between(fault, lastSeenDown[0]), Duration.between(fault, now)));
        });
  }

  /** Names of the TaskManagers that run something of this job; none while it restarts. */
  List<String> busyTaskManagers() {
    Set<String> names = new TreeSet<>();
    details()
        .ifPresent(
            job -> {
              for (JsonNode vertex : job.path("vertices")) {
                rest.get("jobs/" + id + "/vertices/" + vertex.path("id").asText() + "/taskmanagers")
                    .ifPresent(
                        answer ->
                            answer
                                .path("taskmanagers")
                                .forEach(one -> names.add(one.path("taskmanager-id").asText())));
              }
            });
    return List.copyOf(names);
  }

  /** What ended the job, not what it has survived before. */
  private String newestException() {
    return rest.get("jobs/" + id + "/exceptions")
        .map(answer -> answer.path("exceptionHistory").path("entries").path(0).toString())
        .orElse("");
  }

  private String lastException() {
    return rest.get("jobs/" + id + "/exceptions").map(JsonNode::toString).orElse("unknown");
  }

  /** How often Flink gave the job up for want of a storage, and it was started again. */
  int givenUp() {
    return givenUp;
  }

  private Optional<JsonNode> details() {
    Optional<JsonNode> job = rest.get("jobs/" + id);
    Optional<String> end = job.map(found -> found.path("state").asText()).filter(ENDS::contains);
    if (end.isEmpty()) {
      return job;
    }
    if (!end.get().equals("FAILED")
        || !newestException().contains(NO_STORAGE)
        || !cluster.checkpoints().wereAwayLately()) {
      throw new IllegalStateException("job %s is %s: %s".formatted(id, end.get(), lastException()));
    }
    givenUp++;
    id = deploy(cluster.checkpoints().newest(id).orElse(startedFrom));
    return Optional.empty();
  }

  private static boolean runs(JsonNode job) {
    if (!job.path("state").asText().equals("RUNNING")) {
      return false;
    }
    for (JsonNode vertex : job.path("vertices")) {
      if (!vertex.path("status").asText().equals("RUNNING")) {
        return false;
      }
    }
    return true;
  }

  private Optional<Instant> newestCheckpoint() {
    return rest.get("jobs/" + id + "/checkpoints")
        .map(answer -> answer.path("latest").path("completed").path("trigger_timestamp"))
        .filter(JsonNode::isNumber)
        .map(begun -> Instant.ofEpochMilli(begun.asLong()));
  }
}
