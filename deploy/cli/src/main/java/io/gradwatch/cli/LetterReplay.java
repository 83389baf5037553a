package io.gradwatch.cli;

import io.gradwatch.cli.kafka.DeadLetter;
import io.gradwatch.cli.terminal.CommandFailedException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Refused records on their way back. Letters are read twice, since there may be more of them than
 * memory holds: first to find the newest of each record, then to send it.
 */
final class LetterReplay {
  /** Room for the largest dead letter that a job may be told to write. */
  private static final int MAX_REQUEST_BYTES = 33 << 20;

  private final LetterChoice letters;
  private final Set<String> wanted;
  private final int maxAttempts;
  private final Set<String> chosen = new HashSet<>();
  private boolean complete = true;
  private long sent;

  /**
   * A replay.
   *
   * @param ids the letters wanted; empty: all
   */
  LetterReplay(LetterChoice letters, List<String> ids, int maxAttempts) {
    this.letters = letters;
    this.wanted = new TreeSet<>(ids);
    this.maxAttempts = maxAttempts;
  }

  /**
   * Finds the letters to send.
   *
   * @throws CommandFailedException when one that is wanted is not there
   */
  void choose() {
    Map<String, DeadLetterRank> newest = new HashMap<>();
    Set<String> missing = new TreeSet<>(wanted);
    letters.forEach(
        letter -> {
          if (wanted.isEmpty() || missing.remove(letter.id())) {
            newest.merge(
                letter.origin(),
                new DeadLetterRank(letter.attempts(), letter.id()),
                (one, other) -> other.attempts() >= one.attempts() ? other : one);
          }
        });
    if (!missing.isEmpty()) {
      throw new CommandFailedException("there is no letter " + String.join(", ", missing));
    }
    newest.values().forEach(letter -> chosen.add(letter.id()));
  }

  private record DeadLetterRank(int attempts, String id) {}

  /** Prints what would be sent; false when something would be left out. */
  boolean plan(PrintWriter out, PrintWriter err) {
    letters.forEach(
        letter -> {
          if (maySend(letter, err)) {
            out.println(letter.line());
          }
        });
    out.flush();
    return complete;
  }

  /**
   * Sends; false when something was left out.
   *
   * @throws CommandFailedException when a record does not arrive
   */
  boolean send(PrintWriter out, PrintWriter err) {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (var producer =
        new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer())) {
      letters.forEach(
          letter -> {
            if (failure.get() == null && maySend(letter, err)) {
              var unused =
                  producer.send(
                      letter.replayed(), (where, refusal) -> failure.compareAndSet(null, refusal));
              sent++;
            }
          });
      producer.flush();
    }
    Exception refusal = failure.get();
    if (refusal != null) {
      throw letters.kafka().failure(refusal);
    }
    out.printf("%d sent%n", sent);
    out.flush();
    return complete;
  }

  private boolean maySend(DeadLetter letter, PrintWriter err) {
    if (!chosen.contains(letter.id())) {
      return false;
    }
    String obstacle =
        letter.topic().isEmpty()
            ? "it does not say where it came from"
            : letter.isCut()
                ? "a part of it was cut off"
                : letter.attempts() >= maxAttempts
                    ? "it was replayed " + letter.attempts() + " times"
                    : "";
    if (!obstacle.isEmpty()) {
      complete = false;
      err.printf("left out: letter %s: %s%n", letter.id(), obstacle);
      err.flush();
    }
    return obstacle.isEmpty();
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(letters.kafka().settings());
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
    settings.putAll(letters.kafka().properties());
    return settings;
  }
}
