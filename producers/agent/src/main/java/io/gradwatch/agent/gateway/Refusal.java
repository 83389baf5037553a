package io.gradwatch.agent.gateway;

import java.util.Locale;

/** Why a request was not taken. */
enum Refusal {
  /** The body is not what it must be. */
  INVALID(400),
  /** No token, or one that is not known. */
  UNAUTHORIZED(401),
  /** Asked by a page in a browser, or for another host, where no token guards the door. */
  FORBIDDEN(403),
  NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  /** More bytes or rows than a request may have. */
  TOO_LARGE(413),
  /** The content type or encoding is none of those taken. */
  UNSUPPORTED(415),
  /** Kafka is slower than the trainers, or away: the same again, later. */
  QUEUE_FULL(429),
  /** Too many bodies are being read: the same again, later. */
  BUSY(503),
  /** The gateway is about to end. */
  CLOSING(503),
  /** The client went away, or was too slow: nobody hears the answer. */
  TORN(400),
  /** A bug. */
  INTERNAL(500);

  private final int status;

  Refusal(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }

  /** As answers and metrics name it. */
  String reason() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** True where the same request may be taken later. */
  boolean isTemporary() {
    return this == QUEUE_FULL || this == BUSY || this == CLOSING;
  }
}
