package io.gradwatch.cli.doctor;

import io.gradwatch.cli.terminal.Shell;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that mend what was found, ready to copy.
 *
 * @param connection how Kafka's own tools are told where the brokers are
 * @param allowPlaintext whether our commands have to be told, too, that TLS is not insisted on
 */
record Remedies(List<String> connection, boolean allowPlaintext) {

  /** One of Kafka's tools. */
  String kafka(String tool, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(tool);
    words.addAll(connection);
    words.addAll(List.of(arguments));
    return Shell.command(words);
  }

  /** Sets one setting of a topic. */
  String setTopic(String topic, String name, String value) {
    return kafka(
        "kafka-configs.sh",
        "--alter",
        "--entity-type",
        "topics",
        "--entity-name",
        topic,
        "--add-config",
        name + "=" + value);
  }

  /** One of our commands. */
  String gradwatch(String... arguments) {
    List<String> words = new ArrayList<>();
    words.add("gradwatch");
    words.addAll(List.of(arguments));
    words.addAll(connection);
    if (allowPlaintext) {
      words.add("--allow-plaintext");
    }
    return Shell.command(words);
  }
}
