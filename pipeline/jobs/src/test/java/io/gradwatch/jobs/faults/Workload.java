package io.gradwatch.jobs.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.jobs.Outputs;
import io.gradwatch.jobs.Samples;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.RecordEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is sent, and what has to come of it.
 *
 * @param events in the order in which they are sent
 * @param expected the events themselves, what the backtest says to them, and the dead letters
 */
record Workload(List<Samples.Sent> events, Outputs expected) {
  private static final int EVENTS_PER_DEAD_LETTER = 400;
  private static final String GARBAGE = "garbage";

  /** The bundled recorded runs at once, with something undecodable now and then. */
  static Workload fleet() throws IOException {
    List<Samples.Sent> fleet = Samples.fleet();
    Outputs expected = Outputs.backtest();
    List<Samples.Sent> events = new ArrayList<>();
    for (Samples.Sent event : fleet) {
      if (events.size() % EVENTS_PER_DEAD_LETTER == 0) {
        byte[] value = "garbage %d".formatted(events.size()).getBytes(UTF_8);
        events.add(new Samples.Sent(GARBAGE, value));
        expected.add(Topics.DEAD_LETTERS, RecordEncoder.key(GARBAGE), value);
      }
      events.add(event);
    }
    events.forEach(
        event -> expected.add(Samples.EVENTS, RecordEncoder.key(event.runId()), event.value()));
    return new Workload(List.copyOf(events), expected);
  }
}
