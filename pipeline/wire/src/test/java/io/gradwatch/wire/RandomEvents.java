package io.gradwatch.wire;

import io.gradwatch.records.AdviceApplied;
import io.gradwatch.records.CheckpointSaved;
import io.gradwatch.records.ClipMode;
import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.Heartbeat;
import io.gradwatch.records.Log2Histogram;
import io.gradwatch.records.NormStage;
import io.gradwatch.records.RunEnded;
import io.gradwatch.records.RunOutcome;
import io.gradwatch.records.RunStarted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Events of every kind from a seed: most are fine, some have one value that cannot be. */
final class RandomEvents {
  private static final double[] SPECIAL = {
    0.0,
    -0.0,
    1,
    -1,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    65504,
    Double.longBitsToDouble(0xFFF8_0000_0000_0001L)
  };
  private static final long[] ODD_STEPS = {0, 1, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, -1};
  private static final String[] TEXTS = {
    "", "loss", "layer.0.weight", "tête", "层", "🔥", "\uFFFD", "a\nb", "x".repeat(256)
  };

  private final Random random;

  RandomEvents(long seed) {
    random = new Random(seed);
  }

  /** The next event. */
  TrainingEvent next() {
    return TrainingEvent.newBuilder()
        .setRunId(seldom() ? oneOf(TEXTS) : "run-" + random.nextInt(1000))
        .setAttempt(seldom() ? random.nextInt() : random.nextInt(5))
        .setStep(step())
        .setEmittedAt(seldom() ? random.nextLong() : 1_800_000_000_000L + random.nextInt())
        .setRank(random.nextBoolean() ? null : seldom() ? random.nextInt() : random.nextInt(64))
        .setBody(body())
        .build();
  }

  private Object body() {
    return switch (random.nextInt(12)) {
      case 0 -> started();
      case 1 -> new EvaluationCompleted(orNull(this::number), metrics());
      case 2 -> new CheckpointSaved(oneOf(TEXTS), orNull(this::step));
      case 3 -> new AdviceApplied(orNull(this::number), orNull(this::number), orNull(this::step));
      case 4 -> new RunEnded(oneOf(RunOutcome.values()));
      case 5 -> new Heartbeat();
      case 6 -> seldom() ? null : new Heartbeat();
      default -> stepCompleted();
    };
  }

  private RunStarted started() {
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      tags.put(oneOf(TEXTS), oneOf(TEXTS));
    }
    List<String> names = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      names.add(oneOf(TEXTS));
    }
    return new RunStarted(
        oneOf(TEXTS),
        oneOf(TEXTS),
        names,
        seldom() ? random.nextInt() : 1 + random.nextInt(64),
        orNull(this::step),
        oneOf(ClipMode.values()),
        orNull(this::number),
        oneOf(NormStage.values()),
        random.nextBoolean(),
        tags);
  }

  private StepCompleted stepCompleted() {
    int layers = random.nextInt(9);
    return new StepCompleted(
        orNull(this::number),
        orNull(this::size),
        orNull(this::number),
        orNull(this::number),
        orNull(this::number),
        orNull(random::nextBoolean),
        orNull(this::size),
        orNull(this::number),
        orNull(this::size),
        orNull(() -> floats(layers, 1e3f)),
        orNull(() -> floats(layers, 1e3f)),
        orNull(() -> floats(seldom() ? layers + 1 : layers, 1e-3f)),
        orNull(() -> floats(layers, 1)),
        orNull(this::histogram),
        metrics());
  }

  private Log2Histogram histogram() {
    List<Long> counts = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      counts.add(seldom() ? random.nextLong() : (long) random.nextInt(1 << 20));
    }
    return new Log2Histogram(
        seldom() ? random.nextInt() : random.nextInt(200) - 100,
        counts,
        (long) random.nextInt(100),
        0L);
  }

  private Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      metrics.put(oneOf(TEXTS), number());
    }
    return metrics;
  }

  private List<Float> floats(int count, float scale) {
    List<Float> floats = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      floats.add(seldom() ? (float) number() : random.nextFloat() * scale);
    }
    return floats;
  }

  private double number() {
    return random.nextInt(4) == 0
        ? SPECIAL[random.nextInt(SPECIAL.length)]
        : random.nextGaussian() * Math.exp(5 * random.nextGaussian());
  }

  /** A number that is below 0 only seldom. */
  private double size() {
    return seldom() ? number() : Math.abs(number());
  }

  private long step() {
    return seldom() ? ODD_STEPS[random.nextInt(ODD_STEPS.length)] : random.nextInt(1_000_000);
  }

  private <T> T orNull(Supplier<T> value) {
    return random.nextInt(3) == 0 ? null : value.get();
  }

  private <T> T oneOf(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private boolean seldom() {
    return random.nextInt(40) == 0;
  }
}
