package io.gradwatch.jobs.faults;

import io.gradwatch.broker.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Something that is done to a job and its cluster while events come. */
sealed interface Fault {
  /**
   * Does it.
   *
   * @return from when on the job may be expected to recover
   */
  Instant inject(Cluster cluster, DeployedJob job);

  /** The kinds of faults, and what may differ between two of a kind. */
  enum Kind {
    KILL_TASK_MANAGER {
      @Override
      Fault draw(SplittableRandom random) {
        return new KillTaskManager(random.nextInt(2));
      }
    },
    PAUSE_TASK_MANAGER {
      @Override
      Fault draw(SplittableRandom random) {
        return new PauseTaskManager(random.nextInt(2), seconds(random, 2, 16));
      }
    },
    KILL_JOB_MANAGER {
      @Override
      Fault draw(SplittableRandom random) {
        return new KillJobManager();
      }
    },
    KILL_BROKER {
      @Override
      Fault draw(SplittableRandom random) {
        return new KillBroker(seconds(random, 0, 15));
      }
    },
    RESCALE {
      @Override
      Fault draw(SplittableRandom random) {
        return new Rescale(4, 2);
      }
    },
    RESTORE {
      @Override
      Fault draw(SplittableRandom random) {
        return new Restore();
      }
    },
    UPGRADE {
      @Override
      Fault draw(SplittableRandom random) {
        return new Upgrade();
      }
    },
    CHECKPOINTS_AWAY {
      @Override
      Fault draw(SplittableRandom random) {
        return new CheckpointsAway(seconds(random, 1, 7));
      }
    };

    abstract Fault draw(SplittableRandom random);

    private static Duration seconds(SplittableRandom random, int least, int bound) {
      return Duration.ofSeconds(random.nextInt(least, bound));
    }
  }

  /**
   * SIGKILL of a TaskManager that has work; a new one takes its place.
   *
   * @param which of those that have work
   */
  record KillTaskManager(int which) implements Fault {
    @Override
    public Instant inject(Cluster cluster, DeployedJob job) {
      String name = cluster.chooseTaskManager(job.busyTaskManagers(), which);
      Instant now = Instant.now();
      cluster.killTaskManager(name);
      return now;
    }
  }

  /**
   * SIGSTOP of a TaskManager that has work, and SIGCONT later: before the JobManager misses its
   * heartbeat, or long after others have taken over what it did.
   *
   * @param which of those that have work
   */
  record PauseTaskManager(int which, Duration duration) implements Fault {
    @Override
    public Instant inject(Cluster cluster, DeployedJob job) {
      String name = cluster.chooseTaskManager(job.busyTaskManagers(), which);
      Instant now = Instant.now();
      cluster.pauseTaskManager(name, duration);
      return now;
    }
  }

  /** SIGKILL of the JobManager; a new one finds the job by what high availability keeps. */
  record KillJobManager() implements Fault {
    @Override
    public Instant inject(Cluster cluster, DeployedJob job) {
      Instant now = Instant.now();
      cluster.killJobManager();
      return now;
    }
  }

  /**
   * SIGKILL of the broker, started again later on what it had written: before records are given up,
   * or after.
   */
  record KillBroker(Duration away) implements Fault {
    @Override
    public Instant inject(Cluster cluster, DeployedJob job) {
      cluster.broker().kill();
      Await.pause(away);
      cluster.broker().restart();
      return Instant.now();
    }
  }

  /** Another parallelism, twice: as the scheduler allows, while the job runs or by a savepoint. */
  record Rescale(int first, int second) implements Fault {
    @Override
    public Instant inject(Cluster cluster, DeployedJob job) {
      for (int parallelism : List.of(first, second)) {
        switch (cluster.scheduler()) {
          case DEFAULT -> job.redeploy(parallelism);
          case ADAPTIVE -> job.rescale(parallelism);
        }
      }
      return Instant.now();
    }
  }

  /** Stopped with a savepoint and started from it. */
  record Restore() implements Fault {
    @Override
    public Instant inject(Cluster cluster, DeployedJob job) {
      Instant now = Instant.now();
      job.redeploy(job.parallelism());
      return now;
    }
  }

  /** Stopped with a savepoint and started from it by a jar of a later version. */
  record Upgrade() implements Fault {
    @Override
    public Instant inject(Cluster cluster, DeployedJob job) {
      Instant now = Instant.now();
      job.upgrade(cluster.laterVersion());
      return now;
    }
  }

  /** The folder of checkpoints can be neither written nor read for a while. */
  record CheckpointsAway(Duration away) implements Fault {
    @Override
    public Instant inject(Cluster cluster, DeployedJob job) {
      cluster.checkpoints().takeAway();
      Await.pause(away);
      cluster.checkpoints().bringBack();
      return Instant.now();
    }
  }
}
