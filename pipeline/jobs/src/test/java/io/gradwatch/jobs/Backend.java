package io.gradwatch.jobs;

import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** Where a job keeps its state. */
public enum Backend {
  /** On the heap, which is the default. */
  HASHMAP("hashmap", false),

  /** In RocksDB, with incremental checkpoints. */
  ROCKSDB("rocksdb", true);

  /** System property that names one. */
  static final String PROPERTY = "gradwatch.test.state-backend";

  private final String setting;
  private final boolean incremental;

  Backend(String setting, boolean incremental) {
    this.setting = setting;
    this.incremental = incremental;
  }

  /** The one of this build where a test names none, by {@value #PROPERTY}. */
  public static Backend ofThisBuild() {
    return valueOf(System.getProperty(PROPERTY, HASHMAP.name()));
  }

  /** For one task without a cluster, which has no managed memory. */
  public StateBackend ofATask() {
    if (this == HASHMAP) {
      return new HashMapStateBackend();
    }
    EmbeddedRocksDBStateBackend rocksDb = new EmbeddedRocksDBStateBackend(incremental);
    rocksDb.getMemoryConfiguration().setUseManagedMemory(false);
    return rocksDb;
  }

  /** Its settings of Flink's, by name. */
  public Map<String, String> settings() {
    return in(new Configuration()).toMap();
  }

  /** Chooses it. */
  public Configuration in(Configuration flink) {
    flink.set(StateBackendOptions.STATE_BACKEND, setting);
    flink.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, incremental);
    return flink;
  }
}
