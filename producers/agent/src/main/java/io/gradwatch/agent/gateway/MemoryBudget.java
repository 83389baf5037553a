package io.gradwatch.agent.gateway;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that may be taken together, by any number of threads. */
final class MemoryBudget {
  private final long bytes;
  private final AtomicLong taken = new AtomicLong();

  MemoryBudget(long bytes) {
    this.bytes = bytes;
  }

  /** A part of it that nothing was taken of yet. */
  Share share() {
    return new Share();
  }

  long taken() {
    return taken.get();
  }

  /** What one request takes of it; for one thread. */
  final class Share implements AutoCloseable {
    private long mine;

    private Share() {}

    /** Takes more; false, and no more than before, where it is not there. */
    boolean take(long more) {
      if (taken.addAndGet(more) > bytes) {
        taken.addAndGet(-more);
        return false;
      }
      mine += more;
      return true;
    }

    /** Gives all of it back. */
    @Override
    public void close() {
      taken.addAndGet(-mine);
      mine = 0;
    }
  }
}
