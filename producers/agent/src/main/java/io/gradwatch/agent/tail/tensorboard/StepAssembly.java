package io.gradwatch.agent.tail.tensorboard;

import io.gradwatch.schemas.Limits;
import io.gradwatch.traces.Field;
import io.gradwatch.traces.FieldNames;
import io.gradwatch.traces.RowBuilder;
import io.gradwatch.traces.TraceRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts scalars, which come one by one and in any order, together to steps.
 *
 * <p>Only tags that stand for a field of a step (loss, gradient norm and the like) move on: others
 * may count epochs or samples where the loss counts steps, and join the step of their number. A
 * step is whole when one of those tags comes with a later step, or when it has everything that the
 * steps before had. Where one of them goes back, the training was resumed: an evaluation that comes
 * late, or a tag that is behind others, is no such thing.
 */
final class StepAssembly {
  /** Steps that wait at most; beyond are numbers that count something else. */
  private static final int MOST_WAITING = 1_024;

  /** A scalar's place: where reading must begin again to see it. */
  record Place(String file, long offset) {}

  /**
   * What is known of the steps that were given.
   *
   * @param newest newest step of each tag that moves on
   * @param given newest step that was given; -1 before the first of the attempt
   * @param resumed whether the next step is of a new attempt
   */
  record Memory(Map<String, Long> newest, long given, boolean resumed) {}

  private static final class Waiting {
    private final RowBuilder values;
    private final Set<String> tags = new HashSet<>();
    private final Map<String, Long> places = new HashMap<>();
    private boolean isOfStep;
    private boolean isOfEvaluation;
    private double wallTime;

    Waiting(FieldNames names) {
      this.values = new RowBuilder(names);
    }
  }

  private final FieldNames names;
  private final Map<String, Field> fields = new HashMap<>();
  private final TreeMap<Long, Waiting> waiting = new TreeMap<>();

  /** Newest step of each tag that moves on, in this attempt. */
  private final Map<String, Long> newest = new TreeMap<>();

  private Set<String> tagsBefore = Set.of();
  private long given = -1;
  private boolean resumed;

  StepAssembly(FieldNames names) {
    this.names = names;
  }

  /** What must be known to go on after a restart, when what waits is read again. */
  Memory memory() {
    Map<String, Long> known = new TreeMap<>(newest);
    waiting
        .values()
        .forEach(row -> row.tags.forEach(tag -> known.computeIfPresent(tag, (t, s) -> given)));
    return new Memory(known, given, resumed);
  }

  /** Goes on from where another stopped. */
  void recall(Memory memory) {
    newest.putAll(memory.newest());
    given = memory.given();
    resumed = memory.resumed();
  }

  /** Where reading must begin again to see what waits; of each file the first place. */
  Map<String, Long> firstPlaces() {
    Map<String, Long> first = new HashMap<>();
    for (Waiting row : waiting.values()) {
      if (row.isOfStep || row.isOfEvaluation) {
        row.places.forEach((file, offset) -> first.merge(file, offset, Math::min));
      }
    }
    return first;
  }

  boolean isWaiting() {
    return waiting.values().stream().anyMatch(row -> row.isOfStep || row.isOfEvaluation);
  }

  /**
   * Takes a record; returns the rows that are whole by it.
   *
   * @param objections told of values that their field does not allow
   */
  List<TraceRow> accept(LogRecord record, Place place, List<String> objections) {
    List<TraceRow> out = new ArrayList<>();
    if (record.session() == LogRecord.Session.START && (given >= 0 || !waiting.isEmpty())) {
      goBack(out);
    }
    if (record.step() < 0 || record.step() > Limits.MAX_STEP) {
      return out;
    }
    for (LogRecord.Scalar scalar : record.scalars()) {
      if (isOnAnotherAxis(scalar.tag())) {
        continue;
      }
      Field field = fields.computeIfAbsent(scalar.tag(), this::fieldOf);
      if (field == Field.STEP) {
        continue;
      }
      boolean moves = field != Field.IGNORED && field != Field.EVAL_LOSS;
      if (moves) {
        moveOn(scalar.tag(), record.step(), out);
      }
      put(record, scalar, moves, field == Field.EVAL_LOSS, place, objections, out);
    }
    if (record.session() == LogRecord.Session.CHECKPOINT) {
      out.addAll(giveUpTo(record.step()));
      TraceRow row = row(record.step(), record.wallTime());
      row.set(Field.EVENT, "checkpoint");
      out.add(row);
    }
    return out;
  }

  /** The rows that have everything the ones before had. */
  List<TraceRow> whole() {
    List<TraceRow> out = new ArrayList<>();
    if (!waiting.isEmpty() && !tagsBefore.isEmpty()) {
      long front = front();
      Waiting last = waiting.get(front);
      if (last != null
          && last.tags.containsAll(newest.keySet())
          && last.tags.containsAll(tagsBefore)) {
        out.addAll(giveUpTo(front));
      }
    }
    return out;
  }

  /** All rows that wait: nothing more comes. */
  List<TraceRow> all() {
    return giveUpTo(Long.MAX_VALUE);
  }

  private void moveOn(String tag, long step, List<TraceRow> out) {
    Long before = newest.get(tag);
    if (before != null && step < before) {
      goBack(out);
    }
    if (step > front()) {
      out.addAll(giveUpTo(step - 1));
    }
    newest.put(tag, step);
  }

  private void goBack(List<TraceRow> out) {
    out.addAll(giveUpTo(front()));
    waiting.clear();
    newest.clear();
    tagsBefore = Set.of();
    given = -1;
    resumed = true;
  }

  private void put(
      LogRecord record,
      LogRecord.Scalar scalar,
      boolean moves,
      boolean isEvaluationLoss,
      Place place,
      List<String> objections,
      List<TraceRow> out) {
    boolean isLate = record.step() <= given;
    boolean isOfEvaluation = isEvaluationLoss || RowBuilder.isOfEvaluation(scalar.tag());
    if (isLate && !isOfEvaluation) {
      return; // its step is published
    }
    Waiting row =
        isLate
            ? new Waiting(names)
            : waiting.computeIfAbsent(record.step(), step -> new Waiting(names));
    String objection = row.values.put(scalar.tag(), scalar.value());
    if (objection != null) {
      objections.add(
          "tag '%s': found %s at step %d; allowed: %s"
              .formatted(scalar.tag(), scalar.value(), record.step(), objection));
      return;
    }
    row.tags.add(scalar.tag());
    row.isOfStep |= moves;
    row.isOfEvaluation |= isOfEvaluation;
    row.wallTime = Math.max(row.wallTime, record.wallTime());
    row.places.merge(place.file(), place.offset(), Math::min);
    if (isLate) {
      out.add(row(record.step(), row));
    } else if (waiting.size() > MOST_WAITING) {
      waiting.pollLastEntry();
    }
  }

  /** The newest step of this attempt, of tags that move on. */
  private long front() {
    return newest.values().stream().mapToLong(Long::longValue).max().orElse(-1);
  }

  private List<TraceRow> giveUpTo(long step) {
    List<TraceRow> out = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.firstKey() <= step) {
      Map.Entry<Long, Waiting> first = waiting.pollFirstEntry();
      Waiting row = first.getValue();
      if (row.isOfStep || row.isOfEvaluation) {
        out.add(row(first.getKey(), row));
      }
      if (row.isOfStep) {
        tagsBefore = row.tags;
        given = first.getKey();
      }
    }
    return out;
  }

  private TraceRow row(long step, Waiting values) {
    TraceRow row = row(step, values.wallTime);
    if (values.isOfStep) {
      values.values.addTo(row);
    } else {
      values.values.addEvaluationTo(row);
    }
    if (resumed && values.isOfStep) {
      row.set(Field.EVENT, "resume");
      resumed = false;
    }
    return row;
  }

  private static TraceRow row(long step, double wallTime) {
    TraceRow row = new TraceRow();
    row.set(Field.STEP, step);
    double millis = Math.rint(wallTime * 1000);
    if (millis > 0 && Field.EMITTED_AT.objection(millis) == null) {
      row.set(Field.EMITTED_AT, millis);
    }
    return row;
  }

  /** The field that a tag stands for; IGNORED: a series of another name; STEP: to be left out. */
  private Field fieldOf(String tag) {
    Field field = names.field(tag);
    if (field == null) {
      return Field.IGNORED;
    }
    return switch (field) {
      case STEP, ATTEMPT, RANK, EMITTED_AT, EVENT, RUN, IGNORED -> Field.STEP; // records have these
      default -> field;
    };
  }

  /** Megatron writes the same series over samples and tokens, too. */
  private static boolean isOnAnotherAxis(String tag) {
    return tag.endsWith(" vs samples") || tag.endsWith(" vs tokens");
  }
}
