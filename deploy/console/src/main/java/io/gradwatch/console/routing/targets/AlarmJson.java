package io.gradwatch.console.routing.targets;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.SuggestedAction;

/** An alarm as JSON for programs. Numbers that JSON does not know are words, as in the console. */
final class AlarmJson {
  private AlarmJson() {}

  static ObjectNode of(DivergenceAlarm alarm) {
    ObjectNode json = Json.object();
    json.put("id", alarm.getAlarmId());
    json.put("revision", alarm.getRevision());
    json.put("project", alarm.getProject());
    json.put("run", alarm.getRunId());
    json.put("attempt", alarm.getAttempt());
    json.put("kind", alarm.getKind().name());
    json.put("severity", alarm.getSeverity().name());
    json.put("state", alarm.getState().name());
    json.put("resolution", alarm.getResolution().name());
    json.put("onset_step", alarm.getOnsetStep());
    json.put("step", alarm.getStep());
    json.put("emitted_at", alarm.getEmittedAt());
    json.put("summary", alarm.getSummary());
    json.set("evidence", evidence(alarm));
    ArrayNode layers = json.putArray("layers");
    alarm.getLayers().forEach(layer -> layers.add(layer.getName()));
    ArrayNode actions = json.putArray("actions");
    alarm.getActions().forEach(action -> actions.add(action(action)));
    return json;
  }

  static ObjectNode evidence(DivergenceAlarm alarm) {
    ObjectNode json = Json.object();
    alarm.getEvidence().forEach(number -> put(json, number.getName(), number.getValue()));
    return json;
  }

  static ObjectNode action(SuggestedAction action) {
    ObjectNode json = Json.object();
    json.put("action", action.getAction().name());
    Double value = action.getValue();
    if (value != null) {
      put(json, "value", value);
    }
    json.put("text", action.getText());
    return json;
  }

  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.put(name, Double.toString(value));
    }
  }
}
