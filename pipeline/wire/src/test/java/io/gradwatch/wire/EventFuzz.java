package io.gradwatch.wire;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunMonitor;
import io.gradwatch.core.monitor.RunState;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.core.policy.Policy;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.Scalar;
import io.gradwatch.wire.UndecodableException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What must hold of any bytes. A value is read or refused with a reason, in both ways of reading
 * alike, and nothing else is thrown; what was read passes a monitor that knows the run already;
 * what the monitor says can be written; and its state comes back from its bytes as it was.
 *
 * <p>An input is a row of values, each after its length in two bytes, least first; a length beyond
 * the end means the rest. The fuzzer calls {@link #fuzzerTestOneInput} and looks for inputs that
 * reach further.
 */
public final class EventFuzz {
  /**
   * Reasons that only reading by hand knows: bytes of a boolean other than 0 and 1, a block that
   * does not end where its size says, bits beyond an int's or a long's, text that is not UTF-8,
   * more items than allowed of which some are alike. The library takes the first for true,
   * overlooks the next two, replaces characters, and lets the last of the like ones win.
   */
  static final Set<Reason> STRICTER =
      Set.of(Reason.MALFORMED, Reason.INVALID_TEXT, Reason.TOO_MANY_METRICS, Reason.TOO_MANY_TAGS);

  private static final int LENGTH_BYTES = 2;

  /** Steps after which every detector and the advisor have something to say. */
  private static final int KNOWN_STEPS = 120;

  private static final EventDecoder DECODER = new EventDecoder();
  private static final RunMonitor MONITOR = new RunMonitor(Policy.defaults());
  private static final RecordEncoder ENCODER = new RecordEncoder();
  private static final byte[] KNOWN_RUN = knownRun();

  private EventFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    RunState state = RunState.fromBytes(KNOWN_RUN);
    for (byte[] value : values(input)) {
      RunEvent event = read(value);
      if (event != null) {
        take(state, event);
      }
    }
    byte[] written = state.toBytes();
    if (!Arrays.equals(RunState.fromBytes(written).toBytes(), written)) {
      throw new AssertionError("a state that does not come back as it was");
    }
  }

  /** Values as an input, the inverse of what is read. */
  static byte[] input(List<byte[]> values) {
    int size = values.stream().mapToInt(value -> LENGTH_BYTES + value.length).sum();
    byte[] input = new byte[size];
    int at = 0;
    for (byte[] value : values) {
      input[at++] = (byte) value.length;
      input[at++] = (byte) (value.length >> 8);
      System.arraycopy(value, 0, input, at, value.length);
      at += value.length;
    }
    return input;
  }

  static List<byte[]> values(byte[] input) {
    List<byte[]> values = new ArrayList<>();
    int at = 0;
    while (at + LENGTH_BYTES <= input.length) {
      int length = (input[at] & 0xFF) | (input[at + 1] & 0xFF) << 8;
      int from = at + LENGTH_BYTES;
      at = Math.min(from + length, input.length);
      values.add(Arrays.copyOfRange(input, from, at));
    }
    return values;
  }

  private static RunEvent read(byte[] value) {
    try {
      RunEvent event = DECODER.decode("default", value);
      requireSameOfLibrary(Outcome.of(value), value);
      return event;
    } catch (UndecodableException refused) {
      if (!STRICTER.contains(refused.reason()) && !Outcome.byLibrary(value).refused()) {
        throw new AssertionError("only reading by hand refuses it", refused);
      }
      return null;
    }
  }

  private static void requireSameOfLibrary(Outcome outcome, byte[] value) {
    if (!Outcome.byLibrary(value).equals(outcome)) {
      throw new AssertionError("the library reads another event than " + outcome.event());
    }
  }

  private static void take(RunState state, RunEvent event) {
    Findings findings = MONITOR.accept(state, event);
    for (Alarm alarm : findings.alarms()) {
      requireBytes(ENCODER.encode(alarm));
    }
    for (RunStatistics statistics : findings.statistics()) {
      requireBytes(ENCODER.encode(statistics));
    }
    for (Recommendation advice : findings.recommendations()) {
      requireBytes(ENCODER.encode(advice));
      double threshold = advice.clipThreshold();
      if (threshold <= 0 || Double.isInfinite(threshold)) {
        throw new AssertionError("a clip threshold that cannot be: " + threshold);
      }
    }
  }

  private static void requireBytes(byte[] record) {
    if (record.length == 0) {
      throw new AssertionError("a record without bytes");
    }
  }

  private static byte[] knownRun() {
    RunState state = new RunState();
    for (int step = 0; step < KNOWN_STEPS; step++) {
      double wobble = 1 + 0.1 * StrictMath.sin(step);
      Observation row =
          new Observation().set(Scalar.LOSS, 3 * wobble).set(Scalar.GRAD_NORM, wobble);
      MONITOR.accept(state, new RunEvent("default", "run", 0, step, 0, RunEvent.WHOLE_RUN, row));
    }
    return state.toBytes();
  }
}
