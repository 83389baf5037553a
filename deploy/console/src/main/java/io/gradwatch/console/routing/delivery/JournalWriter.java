package io.gradwatch.console.routing.delivery;

import io.gradwatch.records.Delivery;
import java.util.List;

/** Keeps what targets were told, where other routers read it. */
@FunctionalInterface
public interface JournalWriter {
  /** Writes them; what cannot be written now is written later. */
  void write(List<Delivery> deliveries);
}
