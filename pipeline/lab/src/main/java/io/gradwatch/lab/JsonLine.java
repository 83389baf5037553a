package io.gradwatch.lab;

import io.gradwatch.backtest.JsonText;

/** A line of JSON that a benchmark writes: its name, its figures, and the machine at the end. */
public final class JsonLine {
  private final StringBuilder out = new StringBuilder();

  /**
   * A line without figures.
   *
   * @param benchmark name of the command that measured
   */
  public JsonLine(String benchmark) {
    JsonText.string(out.append("{\"benchmark\":"), benchmark);
  }

  /** One more text. */
  public JsonLine with(String name, String value) {
    JsonText.string(name(name), value);
    return this;
  }

  /** One more count. */
  public JsonLine with(String name, long value) {
    name(name).append(value);
    return this;
  }

  /** One more figure. */
  public JsonLine with(String name, double value) {
    JsonText.number(name(name), value);
    return this;
  }

  /** The line with the machine it was measured on, without a line's end. */
  public String on(Machine machine) {
    StringBuilder line = new StringBuilder(out).append(",\"machine\":{\"processors\":");
    line.append(machine.processors());
    JsonText.string(line.append(",\"cpu\":"), machine.cpu());
    line.append(",\"memory_bytes\":").append(machine.memoryBytes());
    line.append(",\"heap_bytes\":").append(machine.heapBytes());
    JsonText.string(line.append(",\"java\":"), machine.java());
    JsonText.string(line.append(",\"os\":"), machine.os());
    return line.append("}}").toString();
  }

  private StringBuilder name(String name) {
    return JsonText.string(out.append(','), name).append(':');
  }
}
