package io.gradwatch.jobs;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;

/** Where a job keeps its state. */
public enum Backend {
  /** On the heap, which is the default. */
  HASHMAP("hashmap", false),

  /** In RocksDB, with incremental checkpoints. */
  ROCKSDB("rocksdb", true);

  private final String setting;
  private final boolean incremental;

  Backend(String setting, boolean incremental) {
    this.setting = setting;
    this.incremental = incremental;
  }

  /** Chooses it. */
  public Configuration in(Configuration flink) {
    flink.set(StateBackendOptions.STATE_BACKEND, setting);
    flink.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, incremental);
    return flink;
  }
}
