package io.gradwatch.jobs.faults;

import static java.util.stream.Collectors.joining;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.broker.testing.Ports;
import io.gradwatch.jobs.Backend;
import io.gradwatch.jobs.FlinkClassPath;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * A broker, a JobManager, two TaskManagers and the ZooKeeper that keeps the JobManager's place,
 * each a process of its own on the loopback interface. What somebody else would do in production is
 * done here: a process that has ended is started again.
 */
final class Cluster implements AutoCloseable {
  /** Enough for the whole job on either. */
  private static final int SLOTS_PER_TASK_MANAGER = 4;

  private static final int TASK_MANAGERS = 2;
  private static final int HEAP_MEBIBYTES = 320;
  private static final int MANAGED_MEBIBYTES = 16;
  private static final int MANAGED_MEBIBYTES_OF_ROCKSDB = 128;
  private static final int ZOOKEEPER_HEAP_MEBIBYTES = 64;

  private final Path folder;
  private final Scheduler scheduler;
  private final CheckpointFolder checkpoints;
  private final int restPort = Ports.free();
  private final FlinkRest rest = new FlinkRest(restPort);
  private final BrokerProcess broker;
  private final Child zookeeper;
  private Child jobManager;
  private final List<Child> taskManagers = new ArrayList<>();
  private final List<String> endedByThemselves = Collections.synchronizedList(new ArrayList<>());
  private int taskManagersStarted;

  private Cluster(Path folder, Scheduler scheduler, Backend backend) throws IOException {
    this.folder = Files.createDirectories(folder).toAbsolutePath();
    this.scheduler = scheduler;
    checkpoints = CheckpointFolder.create(this.folder);
    int zookeeperPort = Ports.free();
    writeSettings(zookeeperPort, backend);
    broker = BrokerProcess.start(this.folder);
    zookeeper =
        Child.start(
            program(
                "zookeeper",
                ZOOKEEPER_HEAP_MEBIBYTES,
                // The one within Flink: its distribution starts it as zookeeper.sh does.
                "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain",
                List.of(this.folder.resolve("zoo.cfg").toString())),
            this.folder);
    jobManager = startJobManager();
    for (int i = 0; i < TASK_MANAGERS; i++) {
      taskManagers.add(startTaskManager());
    }
  }

  /**
   * Starts everything and returns when the TaskManagers have registered.
   *
   * @param folder for all data and logs
   */
  static Cluster start(Path folder, Scheduler scheduler, Backend backend) {
    try {
      Cluster cluster = new Cluster(folder, scheduler, backend);
      try {
        cluster.awaitTaskManagers();
        return cluster;
      } catch (RuntimeException e) {
        cluster.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare a cluster in " + folder, e);
    }
  }

  private void awaitTaskManagers() {
    Await.until(
        "all TaskManagers to register; logs in " + folder,
        Await.STARTING,
        () -> {
          revive();
          return rest.get("overview")
              .filter(overview -> overview.path("taskmanagers").asInt() >= TASK_MANAGERS)
              .isPresent();
        });
  }

  FlinkRest rest() {
    return rest;
  }

  BrokerProcess broker() {
    return broker;
  }

  CheckpointFolder checkpoints() {
    return checkpoints;
  }

  Path savepoints() {
    return folder.resolve("savepoints");
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /**
   * The name of one TaskManager.
   *
   * @param busy those that have work; when there are none, one of all is chosen
   * @param which of them, counted round and round
   */
  String chooseTaskManager(List<String> busy, int which) {
    List<String> all = taskManagers.stream().map(Child::name).toList();
    List<String> candidates = all.stream().filter(busy::contains).toList();
    List<String> from = candidates.isEmpty() ? all : candidates;
    return from.get(which % from.size());
  }

  /** SIGKILL of a TaskManager; another takes its place. */
  void killTaskManager(String name) {
    int index = index(name);
    taskManagers.get(index).kill();
    taskManagers.set(index, startTaskManager());
  }

  /** SIGSTOP of a TaskManager, and SIGCONT later. */
  void pauseTaskManager(String name, Duration duration) {
    taskManagers.get(index(name)).pause(duration);
  }

  private int index(String name) {
    return taskManagers.stream().map(Child::name).toList().indexOf(name);
  }

  /** SIGKILL of the JobManager; another takes its place. */
  void killJobManager() {
    jobManager.kill();
    jobManager = startJobManager();
  }

  /** A jar that differs from the job's in its version only: there is no later one yet. */
  Path laterVersion() {
    return JobJar.later(folder.resolve("gradwatch-job-later.jar"));
  }

  /** Starts again what has ended though nobody killed it. */
  void revive() {
    if (!jobManager.isAlive()) {
      endedByThemselves.add(jobManager.name());
      jobManager = startJobManager();
    }
    for (int i = 0; i < taskManagers.size(); i++) {
      if (!taskManagers.get(i).isAlive()) {
        endedByThemselves.add(taskManagers.get(i).name());
        taskManagers.set(i, startTaskManager());
      }
    }
  }

  /** Flink's processes that have ended without being killed. */
  List<String> endedByThemselves() {
    return List.copyOf(endedByThemselves);
  }

  private Child startJobManager() {
    return Child.start(
        program(
            "jobmanager",
            HEAP_MEBIBYTES,
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            List.of("--configDir", folder.toString())),
        folder);
  }

  private Child startTaskManager() {
    taskManagersStarted++;
    String name = "taskmanager-" + taskManagersStarted;
    return Child.start(
        program(
            name,
            HEAP_MEBIBYTES,
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            List.of("--configDir", folder.toString(), "-D", "taskmanager.resource-id=" + name)),
        folder);
  }

  private Child.Program program(
      String name, int heapMebibytes, String mainClass, List<String> arguments) {
    return new Child.Program(
        name,
        folder.resolve("classes") + File.pathSeparator + FlinkClassPath.ofACluster(),
        heapMebibytes,
        mainClass,
        arguments);
  }

  private void writeSettings(int zookeeperPort, Backend backend) throws IOException {
    Files.createDirectories(savepoints());
    Files.createDirectories(folder.resolve("tmp"));
    String tether = Tether.class.getName().replace('.', '/') + ".class";
    copy(tether, folder.resolve("classes").resolve(tether));
    copy("io/gradwatch/jobs/faults/log4j2-cluster.properties", folder.resolve(Child.LOGGING));
    write(
        "zoo.cfg",
        """
        dataDir=%s/zookeeper
        clientPort=%d
        clientPortAddress=127.0.0.1
        tickTime=500
        admin.enableServer=false
        forceSync=no
        preAllocSize=1024
        """
            .formatted(folder, zookeeperPort));
    write(
        "config.yaml",
        """
        high-availability.type: zookeeper
        high-availability.zookeeper.quorum: 127.0.0.1:%d
        high-availability.zookeeper.client.session-timeout: 8 s
        high-availability.storageDir: %sha
        execution.checkpointing.dir: %s
        heartbeat.interval: 1 s
        heartbeat.timeout: 10 s
        restart-strategy.type: exponential-delay
        restart-strategy.exponential-delay.initial-backoff: 500 ms
        restart-strategy.exponential-delay.max-backoff: 5 s
        jobmanager.scheduler: %s
        jobmanager.adaptive-scheduler.submission.resource-stabilization-timeout: 1 s
        jobmanager.adaptive-scheduler.executing.resource-stabilization-timeout: 1 s
        jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling: 1 s
        jobmanager.adaptive-scheduler.rescale-trigger.max-delay: 1 s

        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        web.refresh-interval: 100 ms
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.bind-host: 127.0.0.1
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.numberOfTaskSlots: %d
        taskmanager.load-balance.mode: slots
        io.tmp.dirs: %s/tmp

        jobmanager.memory.process.size: 700 mb
        jobmanager.memory.heap.size: 256 mb
        jobmanager.memory.off-heap.size: 64 mb
        jobmanager.memory.jvm-metaspace.size: 160 mb
        jobmanager.memory.jvm-overhead.min: 64 mb
        taskmanager.cpu.cores: 1
        taskmanager.memory.framework.heap.size: 64 mb
        taskmanager.memory.framework.off-heap.size: 64 mb
        taskmanager.memory.task.heap.size: 256 mb
        taskmanager.memory.task.off-heap.size: 0 mb
        taskmanager.memory.managed.size: %d mb
        taskmanager.memory.network.min: 32 mb
        taskmanager.memory.network.max: 32 mb
        taskmanager.memory.jvm-metaspace.size: 160 mb
        taskmanager.memory.jvm-overhead.min: 64 mb
        taskmanager.memory.jvm-overhead.max: 64 mb

        %s
        """
            .formatted(
                zookeeperPort,
                folder.toUri(),
                checkpoints.uri(),
                scheduler.setting,
                restPort,
                SLOTS_PER_TASK_MANAGER,
                folder,
                backend == Backend.ROCKSDB ? MANAGED_MEBIBYTES_OF_ROCKSDB : MANAGED_MEBIBYTES,
                backend.settings().entrySet().stream()
                    .map(setting -> setting.getKey() + ": " + setting.getValue())
                    .collect(joining("\n"))));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** Flink's processes get nothing of ours but what is copied. */
  private static void copy(String resource, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    try (InputStream in = Cluster.class.getClassLoader().getResourceAsStream(resource)) {
      Files.copy(in, target);
    }
  }

  @Override
  public void close() {
    Stream.concat(taskManagers.stream(), Stream.of(jobManager, zookeeper)).forEach(Child::kill);
    broker.close();
  }
}
