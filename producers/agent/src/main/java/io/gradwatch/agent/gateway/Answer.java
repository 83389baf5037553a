package io.gradwatch.agent.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.gradwatch.traces.RefusedRowException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** What is answered. The bytes are not to be changed. */
record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
  static final String JSON = "application/json";

  private static final int ACCEPTED = 202;
  private static final JsonFactory FACTORY = new JsonFactory();

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /** All rows were taken. */
  static Answer taken(int rows, int events) {
    return json(
        ACCEPTED,
        Map.of(),
        json -> {
          json.writeNumberField("accepted", rows);
          json.writeNumberField("events", events);
        });
  }

  /** Nothing was taken. */
  static Answer refused(RefusedException e) {
    RefusedRowException row = e.row();
    return json(
        e.refusal().status(),
        e.headers(),
        json -> {
          json.writeStringField("error", e.refusal().reason());
          json.writeStringField("message", e.getMessage());
          if (row != null) {
            json.writeNumberField("index", row.index());
            if (row.field() != null) {
              json.writeStringField("field", row.field());
              json.writeStringField("found", row.found());
              json.writeStringField("allowed", row.allowed());
            }
          }
        });
  }

  /** Whether something is so, and why not. */
  static Answer state(String what, boolean holds, String problem) {
    return json(
        holds ? 200 : 503,
        Map.of(),
        json -> {
          json.writeBooleanField(what, holds);
          if (!holds) {
            json.writeStringField("problem", problem);
          }
        });
  }

  private static Answer json(int status, Map<String, String> headers, Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // in memory
    }
    return new Answer(status, JSON, out.toByteArray(), headers);
  }
}
