package io.gradwatch.cli;

import io.gradwatch.agent.Counted;
import io.gradwatch.cli.kafka.DeadLetter;
import io.gradwatch.cli.terminal.CommandFailedException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Refused records on their way back. Letters are read twice, since there may be more of them than
 * memory holds: first to find the newest of each record, among all letters, then to send those that
 * are wanted and newest. One that is wanted and not sent is always named.
 */
final class LetterReplay {
  /** Room for the largest dead letter that a job may be told to write. */
  private static final int MAX_REQUEST_BYTES = 33 << 20;

  private final LetterChoice letters;
  private final int maxAttempts;
  private final Map<String, Newest> newest = new HashMap<>();
  private final LetterSearch search;
  private boolean complete = true;

  /**
   * A replay.
   *
   * @param ids the letters wanted; empty: all
   */
  LetterReplay(LetterChoice letters, List<String> ids, int maxAttempts) {
    this.letters = letters;
    this.maxAttempts = maxAttempts;
    search = new LetterSearch(letters, ids);
  }

  /**
   * The newest letter of a record.
   *
   * @param wanted true: it is wanted itself
   */
  private record Newest(String id, int attempts, boolean wanted) {
    static Newest of(Newest one, Newest other) {
      return other.attempts >= one.attempts ? other : one;
    }

    String replays() {
      return "replayed " + Counted.times(attempts);
    }
  }

  /**
   * Finds the letters to send.
   *
   * @throws CommandFailedException when one that is wanted is not there
   */
  void choose() {
    letters.forEach(
        letter ->
            newest.merge(
                letter.identity(),
                new Newest(letter.id(), letter.attempts(), search.finds(letter)),
                Newest::of));
    search.requireAll();
  }

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
    AtomicLong arrived = new AtomicLong();
    try (var producer =
        new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer())) {
      letters.forEach(
          letter -> {
            if (failure.get() == null && maySend(letter, err)) {
              var unused =
                  producer.send(
                      letter.replayed(),
                      (where, refusal) -> {
                        if (refusal == null) {
                          arrived.incrementAndGet();
                        } else {
                          failure.compareAndSet(null, refusal);
                        }
                      });
            }
          });
      producer.flush();
    } catch (KafkaException e) {
      failure.compareAndSet(null, e);
    }
    Exception refusal = failure.get();
    if (refusal != null) {
      throw new CommandFailedException(
          letters.kafka().failure(refusal).getMessage() + "; " + arrived + " sent before that",
          refusal);
    }
    out.printf("%d sent%n", arrived.get());
    out.flush();
    return complete;
  }

  private boolean maySend(DeadLetter letter, PrintWriter err) {
    if (!search.finds(letter)) {
      return false;
    }
    Newest counts = newest.get(letter.identity());
    if (counts == null) {
      // It came after the newest were found; the next replay sends it.
      return false;
    }
    if (!counts.id().equals(letter.id())) {
      String fate = counts.wanted() ? "passed over" : "left out";
      complete &= counts.wanted();
      tell(err, fate, letter, "newer letter " + counts.id() + ", " + counts.replays());
      return false;
    }
    String obstacle = obstacle(letter, counts);
    if (!obstacle.isEmpty()) {
      complete = false;
      tell(err, "left out", letter, obstacle);
    }
    return obstacle.isEmpty();
  }

  private String obstacle(DeadLetter letter, Newest counts) {
    if (letter.topic().isEmpty()) {
      return "it does not say where it came from";
    }
    if (letter.isCut()) {
      return "a part of it was cut off";
    }
    return letter.attempts() >= maxAttempts ? "it was " + counts.replays() : "";
  }

  private static void tell(PrintWriter err, String fate, DeadLetter letter, String why) {
    err.printf("%s: letter %s: %s%n", fate, letter.id(), why);
    err.flush();
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
