package io.gradwatch.console.model;

import io.gradwatch.console.api.IncidentView;
import io.gradwatch.records.AlarmState;
import io.gradwatch.records.FleetIncident;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Incidents of the fleet, in bounded number: those heard of longest ago are let go first. */
final class IncidentBook {
  static final int MOST = 1_000;

  private final Map<String, FleetIncident> byId = new LinkedHashMap<>();

  void take(FleetIncident record) {
    FleetIncident known = byId.get(record.getIncidentId());
    if (known == null || known.getRevision() < record.getRevision()) {
      byId.remove(record.getIncidentId());
      byId.put(record.getIncidentId(), record);
      if (byId.size() > MOST) {
        byId.remove(byId.keySet().iterator().next());
      }
    }
  }

  /** Newest first. */
  List<IncidentView> page(int offset, int limit) {
    List<FleetIncident> newest = new ArrayList<>(byId.values());
    newest.sort(
        Comparator.comparingLong(FleetIncident::getOpenedAt)
            .thenComparing(FleetIncident::getIncidentId)
            .reversed());
    return Part.of(newest, offset, limit).stream().map(Views::incident).toList();
  }

  int open() {
    return (int)
        byId.values().stream()
            .filter(incident -> incident.getState() != AlarmState.RESOLVED)
            .count();
  }
}
