package io.gradwatch.cli;

import io.gradwatch.backtest.JsonText;
import io.gradwatch.backtest.RecordLines;
import io.gradwatch.cli.terminal.OutputClosedException;
import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.Findings;
import io.gradwatch.core.monitor.RunWatch;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Topics;
import io.gradwatch.traces.JsonEvents;
import io.gradwatch.traces.TraceFormatException;
import io.gradwatch.wire.EventMapper;
import io.gradwatch.wire.RecordMapper;
import io.gradwatch.wire.UndecodableException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events in, one JSON line each; answers out, one JSON line each, in order and at once: the advice
 * that holds after the event, and the alarm records the event led to. A line that is no event gets
 * an answer with {@code error} and changes nothing.
 */
final class Pipe {
  private final LineInput in;
  private final OutputStream out;
  private final JsonEvents json = new JsonEvents("standard input");
  private final PolicyBook policies;
  private final Map<String, Run> runs = new HashMap<>();
  private long lines;

  Pipe(PolicyBook policies, InputStream in, OutputStream out) {
    this.policies = policies;
    this.in = new LineInput(in);
    this.out = out;
  }

  /** Answers until standard input ends or nobody reads the answers any more. */
  static int overStandardStreams(PolicyBook policies) {
    Pipe pipe =
        new Pipe(
            policies,
            new FileInputStream(FileDescriptor.in),
            new FileOutputStream(FileDescriptor.out));
    try {
      pipe.answerAll();
      return ExitCode.OK;
    } catch (OutputClosedException e) {
      return ExitCode.OK;
    } catch (IOException e) {
      System.err.println("gradwatch: standard input cannot be read: " + e.getMessage());
      return ExitCode.FAILURE;
    }
  }

  /** Answers until the input ends. */
  void answerAll() throws IOException {
    for (String line = in.next(); line != null; line = in.next()) {
      lines++;
      byte[] answer = answer(line).append('\n').toString().getBytes(StandardCharsets.UTF_8);
      try {
        out.write(answer);
        out.flush();
      } catch (IOException e) {
        throw new OutputClosedException();
      }
    }
  }

  private StringBuilder answer(String line) {
    if (in.tooLong()) {
      return error("longer than " + LineInput.MAX_BYTES + " bytes");
    }
    try {
      List<TrainingEvent> events = json.read(line);
      return events.isEmpty() ? error("blank") : answer(events);
    } catch (TraceFormatException e) {
      return error(String.valueOf(e.getMessage()));
    }
  }

  /** One line may be several events of one run: the first of a run also tells that it started. */
  private StringBuilder answer(List<TrainingEvent> events) {
    TrainingEvent last = events.get(events.size() - 1);
    String runId = last.getRunId();
    Run run = runs.computeIfAbsent(runId, id -> new Run(policies, id));
    StringBuilder alarms = new StringBuilder();
    String refusal = null;
    for (TrainingEvent event : events) {
      try {
        accept(run, EventMapper.toCore(Topics.DEFAULT_PROJECT, event), alarms);
      } catch (UndecodableException e) {
        refusal = String.valueOf(e.getMessage());
      }
    }
    StringBuilder answer = new StringBuilder(128).append("{\"run\":");
    JsonText.string(answer, runId).append(",\"step\":").append(last.getStep());
    run.appendThreshold(answer.append(",\"clip_threshold\":"), last.getStep());
    answer.append(",\"alarms\":[").append(alarms).append(']');
    return refusal == null ? answer.append('}') : appendError(answer.append(','), refusal);
  }

  private void accept(Run run, RunEvent event, StringBuilder alarms) {
    Findings findings = run.watch.accept(event);
    for (Recommendation recommendation : findings.recommendations()) {
      run.advice = recommendation;
    }
    for (Alarm alarm : findings.alarms()) {
      alarms.append(alarms.isEmpty() ? "" : ",");
      alarms.append(RecordLines.line(RecordMapper.toRecord(alarm)));
    }
  }

  private StringBuilder error(String reason) {
    return appendError(new StringBuilder("{"), reason);
  }

  private StringBuilder appendError(StringBuilder answer, String reason) {
    JsonText.string(answer.append("\"error\":"), reason);
    return answer.append(",\"line\":").append(lines).append('}');
  }

  /** One run, kept after its end too: it may resume, and is then judged as in the job. */
  private static final class Run {
    private final RunWatch watch;
    private @Nullable Recommendation advice;

    Run(PolicyBook policies, String runId) {
      watch = new RunWatch(policies, Topics.DEFAULT_PROJECT, runId);
    }

    /** The threshold advised, as long as the advice holds. */
    void appendThreshold(StringBuilder answer, long step) {
      if (advice == null
          || step > advice.validUntilStep()
          || !Double.isFinite(advice.clipThreshold())) {
        answer.append("null");
      } else {
        JsonText.number(answer, advice.clipThreshold());
      }
    }
  }
}
