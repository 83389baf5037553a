package io.gradwatch.wire;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Log2Histogram;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Framing;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.wire.UndecodableException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What became of some bytes: every bit of the event they are, as text, or why they are none.
 *
 * @param event the event, or null when they are none
 * @param reason why they are none, or null
 * @param message the same in words, or null
 */
record Outcome(String event, Reason reason, String message) {
  private static final EventDecoder DECODER = new EventDecoder();
  private static final EventReader READER = new EventReader();
  static final RecordCodec<TrainingEvent> CODEC = RecordCodec.of(TrainingEvent.class);

  /** Through the door that everybody uses. */
  static Outcome of(byte[] value) {
    return of(() -> DECODER.decode("default", value));
  }

  /** Read by hand, whatever the framing says. */
  static Outcome byHand(byte[] value) {
    return of(() -> READER.read("default", value, Framing.SINGLE_OBJECT.headerBytes()));
  }

  /** Read by the library into a record, and mapped. */
  static Outcome byLibrary(byte[] value) {
    return of(
        () -> {
          try {
            return EventMapper.toCore("default", CODEC.decode(value));
          } catch (RecordFormatException e) {
            throw UndecodableException.of(e);
          }
        });
  }

  static Outcome of(Decoding decoding) {
    try {
      return new Outcome(bits(decoding.event()), null, null);
    } catch (UndecodableException e) {
      return new Outcome(null, e.reason(), e.getMessage());
    }
  }

  boolean refused() {
    return reason != null;
  }

  interface Decoding {
    RunEvent event() throws UndecodableException;
  }

  private static String bits(RunEvent event) {
    if (!(event.body() instanceof Observation observation)) {
      return event.toString();
    }
    List<String> parts = new ArrayList<>();
    for (Scalar scalar : Scalar.values()) {
      if (observation.has(scalar)) {
        long bits = Double.doubleToRawLongBits(observation.get(scalar));
        parts.add(scalar + "=" + Long.toHexString(bits));
      }
    }
    for (LayerSeries series : LayerSeries.values()) {
      float[] values = observation.layers(series);
      if (values != null) {
        parts.add(series + "=");
        for (float value : values) {
          parts.add(Integer.toHexString(Float.floatToRawIntBits(value)));
        }
      }
    }
    Log2Histogram histogram = observation.histogram();
    if (histogram != null) {
      parts.add(histogram.minExponent() + Arrays.toString(histogram.counts()));
      parts.add(histogram.zeros() + "," + histogram.nonfinite());
    }
    observation
        .metrics()
        .forEach(
            (name, value) ->
                parts.add(name + "=" + Long.toHexString(Double.doubleToRawLongBits(value))));
    RunEvent envelope =
        new RunEvent(
            event.project(),
            event.runId(),
            event.attempt(),
            event.step(),
            event.emittedAt(),
            event.rank(),
            new RunEvent.Heartbeat());
    return envelope + " " + parts;
  }
}
