package io.gradwatch.jobs.functions;

import io.gradwatch.jobs.records.ConsumedRecord;
import java.io.Serializable;

/** The policy topic from its beginning to its end, apart from the stream of what comes later. */
public interface PolicyLog extends Serializable {
  /** Takes what is read. */
  interface Reader {
    /**
     * Comes first, and only when there is a topic.
     *
     * @param end the offset behind its last record, the largest of all partitions
     */
    void begin(long end) throws Exception;

    /** Comes for each record, in the order of its partition. */
    void take(ConsumedRecord record, long timestamp) throws Exception;
  }

  /**
   * Reads everything that is there now; nothing where there is no topic.
   *
   * @throws java.io.IOException when it cannot be read in time
   */
  void read(Reader reader) throws Exception;
}
