package io.gradwatch.agent.gateway;

import io.gradwatch.schemas.Limits;
import java.time.Duration;

/**
 * What a gateway takes at most.
 *
 * @param bodyBytes bytes of one body, unpacked
 * @param rows rows of one request; a row makes up to four events
 * @param bodiesBytes bytes of all bodies that are being read or judged
 * @param queuedBytes bytes of the bodies whose events wait for Kafka, of one project
 * @param knownRunsBytes room for what is known of the runs of one project
 * @param kafkaPatience how long events may wait without any being taken by Kafka before the gateway
 *     says that it is not ready
 */
public record GatewayLimits(
    int bodyBytes,
    int rows,
    long bodiesBytes,
    long queuedBytes,
    long knownRunsBytes,
    Duration kafkaPatience) {
  /**
   * A row is wordier than its event, which takes {@link Limits#MAX_RECORD_BYTES} at most: four of
   * the largest fit into a body.
   */
  private static final int DEFAULT_BODY_BYTES = 8 * Limits.MAX_RECORD_BYTES;

  private static final long MEBIBYTE = 1 << 20;

  public GatewayLimits {
    positive("bytes of a body", bodyBytes);
    positive("rows of a request", rows);
    positive("bytes of all bodies", bodiesBytes);
    positive("bytes in the queue", queuedBytes);
    positive("bytes for runs", knownRunsBytes);
    positive("patience with Kafka in ns", kafkaPatience.toNanos());
    if (bodiesBytes < bodyBytes || queuedBytes < bodyBytes) {
      throw new IllegalArgumentException(
          "bytes of all bodies are %,d and bytes in the queue %,d, each must be at least those of a body, %,d"
              .formatted(bodiesBytes, queuedBytes, bodyBytes));
    }
  }

  /** For a process with some 500 MB, and a queue of 8,192 events for each project. */
  public static GatewayLimits standard() {
    return new GatewayLimits(
        DEFAULT_BODY_BYTES,
        1_000,
        32 * MEBIBYTE,
        64 * MEBIBYTE,
        32 * MEBIBYTE,
        Duration.ofSeconds(30));
  }

  private static void positive(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " are " + value + ", must be at least 1");
    }
  }
}
