package io.gradwatch.cli.schemas;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.cli.terminal.Style;
import java.util.List;

/** What is told of a subject, as a line of JSON. */
final class SubjectLine {
  private final ObjectNode line = JsonNodeFactory.instance.objectNode();

  private SubjectLine() {}

  static SubjectLine of(Subject subject) {
    return new SubjectLine()
        .with("subject", subject.name())
        .with("record", subject.schema().getName());
  }

  SubjectLine with(String name, String value) {
    line.put(name, Style.harmless(value));
    return this;
  }

  SubjectLine with(String name, int value) {
    line.put(name, value);
    return this;
  }

  /** Values may be a registry's words. */
  SubjectLine with(String name, List<String> values) {
    ArrayNode array = line.putArray(name);
    values.forEach(value -> array.add(Style.harmless(value)));
    return this;
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
