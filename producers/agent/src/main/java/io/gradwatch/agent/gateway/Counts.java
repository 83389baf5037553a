package io.gradwatch.agent.gateway;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Requests and rows since the gateway began; for use by several threads. */
final class Counts {
  private final LongAdder requests = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

  Counts() {
    for (Refusal refusal : Refusal.values()) {
      refused.put(refusal, new LongAdder());
    }
  }

  void taken(int rowsOfIt) {
    requests.increment();
    rows.add(rowsOfIt);
  }

  void refused(Refusal refusal) {
    LongAdder adder = refused.get(refusal);
    if (adder != null) {
      adder.increment();
    }
  }

  /** Requests whose rows were taken. */
  long requestsTaken() {
    return requests.sum();
  }

  long rowsTaken() {
    return rows.sum();
  }

  long refusals(Refusal refusal) {
    LongAdder adder = refused.get(refusal);
    return adder == null ? 0 : adder.sum();
  }
}
