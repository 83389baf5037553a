package io.gradwatch.agent.tail;

import io.gradwatch.traces.Field;
import io.gradwatch.traces.FieldNames;
import io.gradwatch.traces.RowBuilder;
import io.gradwatch.traces.TraceFormatException;
import io.gradwatch.traces.TraceRow;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Megatron-LM, Megatron-DeepSpeed and DeepSpeed print, whatever stands before it in the line
 * (rank tags, times). Any other line is passed over. The patterns have no two ways to match the
 * same text, so no line takes long.
 */
final class MegatronLog implements LineFormat {
  private static final Pattern ITERATION =
      Pattern.compile("\\biteration\\s{1,32}(\\d{1,15})\\s{0,32}/\\s{0,32}\\d{1,15}\\s{0,32}\\|");
  private static final Pattern VALIDATION =
      Pattern.compile(
          "validation loss at iteration\\s{1,32}(\\d{1,15})(?: on validation set)?\\s{0,32}\\|");
  private static final Pattern CHECKPOINT =
      Pattern.compile("successfully saved checkpoint (?:from|at) iteration\\s{1,32}(\\d{1,15})\\b");
  private static final Pattern DEEPSPEED =
      Pattern.compile("\\bstep=(\\d{1,15}), skipped=(\\d{1,15}), lr=\\[([^],]{1,40})");
  private static final String DONE = "[after training is done]";
  private static final String EXITING = "[exiting program";

  private final FieldNames names;
  private long step;
  private long skipped;
  private boolean hasIterations;

  /** DeepSpeed's row, kept back until it is known that Megatron says more of the same step. */
  private @Nullable DeepSpeedLine kept;

  private record DeepSpeedLine(long step, long skipped, double learningRate) {}

  MegatronLog(FieldNames names) {
    this.names = names;
  }

  @Override
  public void read(String text, String source, long number, Consumer<TraceRow> out)
      throws TraceFormatException {
    Matcher found = ITERATION.matcher(text);
    if (found.find()) {
      iteration(Long.parseLong(found.group(1)), text.substring(found.end()), source, number, out);
    } else if (text.contains("step=")) {
      deepSpeed(text, out);
    } else if (text.contains("iteration")) {
      remark(text, out);
    } else if (text.contains(DONE)) {
      end("completed", out);
    }
  }

  private void iteration(
      long iteration, String values, String source, long number, Consumer<TraceRow> out)
      throws TraceFormatException {
    hasIterations = true;
    if (kept != null && kept.step() == iteration) {
      kept = null;
    }
    release(out);
    step = iteration;
    TraceRow row = new TraceRow();
    row.set(Field.STEP, iteration);
    values(values, source, number).addTo(row);
    out.accept(row);
  }

  private void remark(String text, Consumer<TraceRow> out) {
    Matcher validation = VALIDATION.matcher(text);
    Matcher checkpoint = CHECKPOINT.matcher(text);
    if (validation.find()) {
      release(out);
      TraceRow row = new TraceRow();
      row.set(Field.STEP, Long.parseLong(validation.group(1)));
      evaluation(text.substring(validation.end()), row);
      if (row.hasEvaluation()) {
        out.accept(row);
      }
    } else if (checkpoint.find()) {
      release(out);
      TraceRow row = new TraceRow();
      row.set(Field.STEP, Long.parseLong(checkpoint.group(1)));
      row.set(Field.EVENT, "checkpoint");
      out.accept(row);
    } else if (text.contains(EXITING)) {
      end("end", out);
    }
  }

  private void end(String how, Consumer<TraceRow> out) {
    release(out);
    TraceRow row = new TraceRow();
    row.set(Field.STEP, step);
    row.set(Field.EVENT, how);
    out.accept(row);
  }

  private void deepSpeed(String text, Consumer<TraceRow> out) {
    Matcher found = DEEPSPEED.matcher(text);
    if (!found.find()) {
      return;
    }
    release(out);
    long itsStep = Long.parseLong(found.group(1));
    long all = Long.parseLong(found.group(2));
    long since = Math.max(0, all - skipped);
    skipped = all;
    if (itsStep > 0 && !hasIterations) { // 0 is what the engine says before it loads a checkpoint
      try {
        kept = new DeepSpeedLine(itsStep, since, Double.parseDouble(found.group(3)));
      } catch (NumberFormatException e) {
        return; // another program's line
      }
    }
  }

  private void release(Consumer<TraceRow> out) {
    DeepSpeedLine line = kept;
    kept = null;
    if (line != null) {
      step = line.step();
      TraceRow row = new TraceRow();
      row.set(Field.STEP, line.step());
      row.set(Field.LEARNING_RATE, line.learningRate());
      row.set(Field.SKIPPED_ITERATIONS, line.skipped());
      out.accept(row);
    }
  }

  /** {@code name: value | name: value |}; what is no number is passed over. */
  private RowBuilder values(String text, String source, long number) throws TraceFormatException {
    RowBuilder values = new RowBuilder(names);
    for (String part : text.split("\\|", 256)) {
      int colon = part.lastIndexOf(':');
      Double value = colon < 0 ? null : Numbers.parse(part.substring(colon + 1).strip());
      if (value == null) {
        continue;
      }
      String name = part.substring(0, colon).strip();
      String objection =
          values.put(names.field(name) == null ? Numbers.underscored(name) : name, value);
      if (objection != null) {
        throw TraceFormatException.value(
            source, number, name, part.substring(colon + 1).strip(), objection);
      }
    }
    return values;
  }

  private static void evaluation(String text, TraceRow row) {
    for (String part : text.split("\\|", 64)) {
      int colon = part.lastIndexOf(':');
      Double value = colon < 0 ? null : Numbers.parse(part.substring(colon + 1).strip());
      String name = colon < 0 ? "" : part.substring(0, colon).strip();
      if (value != null && name.endsWith(" loss value") && !row.says(Field.EVAL_LOSS)) {
        row.set(Field.EVAL_LOSS, value);
      } else if (value != null) {
        row.metric("eval_" + Numbers.underscored(name), value);
      }
    }
  }

  @Override
  public boolean isWhole(String text) {
    return text.stripTrailing().endsWith("|");
  }

  @Override
  public String memory() {
    DeepSpeedLine line = kept;
    return step
        + " "
        + skipped
        + " "
        + hasIterations
        + (line == null
            ? ""
            : " " + line.step() + " " + line.skipped() + " " + line.learningRate());
  }

  @Override
  public void recall(String memory, String source) {
    String[] words = memory.split(" ", 6);
    step = Long.parseLong(words[0]);
    skipped = Long.parseLong(words[1]);
    hasIterations = Boolean.parseBoolean(words[2]);
    kept =
        words.length < 6
            ? null
            : new DeepSpeedLine(
                Long.parseLong(words[3]), Long.parseLong(words[4]), Double.parseDouble(words[5]));
  }
}
