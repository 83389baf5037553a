package io.gradwatch.jobs.options;

import java.time.Duration;
import java.util.stream.Collectors;
import org.apache.flink.configuration.description.Formatter;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;

/** The catalogue as the table of the README. */
final class OptionTable {
  private OptionTable() {}

  static String markdown() {
    return JobOptions.catalogue().stream()
        .map(OptionTable::row)
        .collect(
            Collectors.joining(
                "\n", "| option | default | must be | what it is |\n|---|---|---|---|\n", "\n"));
  }

  private static String row(JobOption<?> option) {
    return "| `%s` | %s | %s | %s |"
        .formatted(option.name(), value(option), option.bound(), description(option));
  }

  static String description(JobOption<?> option) {
    Formatter plain = new HtmlFormatter();
    return plain.format(option.option().description());
  }

  private static String value(JobOption<?> option) {
    if (!option.option().hasDefaultValue()) {
      return "(needed)";
    }
    Object value = option.option().defaultValue();
    return value instanceof Duration duration
        ? TimeUtils.formatWithHighestUnit(duration)
        : value.equals("") ? "(none)" : String.valueOf(value);
  }
}
