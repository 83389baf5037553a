package io.gradwatch.jobs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Everything that Flink, Kafka's clients and the job log in this process, at {@code DEBUG}. */
final class LogRecorder implements AutoCloseable {
  private static final List<String> LOGGERS =
      List.of(
          "io.gradwatch",
          "org.apache.flink",
          "org.apache.kafka.clients",
          "org.apache.kafka.common");

  private final Recorder recorder = new Recorder();

  private LogRecorder() {}

  static LogRecorder start() {
    LogRecorder logs = new LogRecorder();
    logs.recorder.start();
    LOGGERS.forEach(
        name -> {
          Configurator.setLevel(name, Level.DEBUG);
          logger(name).addAppender(logs.recorder, Level.DEBUG, null);
          logger(name).setAdditive(false);
        });
    context().updateLoggers();
    return logs;
  }

  /** All lines so far. */
  String text() {
    return recorder.lines.stream().collect(Collectors.joining("\n"));
  }

  private static LoggerConfig logger(String name) {
    return context().getConfiguration().getLoggerConfig(name);
  }

  private static LoggerContext context() {
    return LoggerContext.getContext(false);
  }

  /** Puts back what the file says. */
  @Override
  public void close() {
    context().reconfigure();
    recorder.stop();
  }

  private static final class Recorder extends AbstractAppender {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    Recorder() {
      super("recorder", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      StringWriter line = new StringWriter();
      line.append(event.getLoggerName()).append(' ');
      line.append(event.getMessage().getFormattedMessage());
      if (event.getThrown() != null) {
        event.getThrown().printStackTrace(new PrintWriter(line, true));
      }
      lines.add(line.toString());
    }
  }
}
