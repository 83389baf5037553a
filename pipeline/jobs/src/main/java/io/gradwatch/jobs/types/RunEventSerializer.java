package io.gradwatch.jobs.types;

import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.core.signal.RunEvent.AdviceApplied;
import io.gradwatch.core.signal.RunEvent.CheckpointSaved;
import io.gradwatch.core.signal.RunEvent.ClipMode;
import io.gradwatch.core.signal.RunEvent.Ended;
import io.gradwatch.core.signal.RunEvent.EvaluationCompleted;
import io.gradwatch.core.signal.RunEvent.Heartbeat;
import io.gradwatch.core.signal.RunEvent.NormStage;
import io.gradwatch.core.signal.RunEvent.Outcome;
import io.gradwatch.core.signal.RunEvent.Removed;
import io.gradwatch.core.signal.RunEvent.Started;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;
import org.jspecify.annotations.Nullable;

/** Bytes of a {@link RunEvent}: its envelope, a tag that names the body, the body. */
public final class RunEventSerializer extends ImmutableSerializer<RunEvent> {
  private static final int OBSERVATION = 1;
  private static final int STARTED = 2;
  private static final int EVALUATION = 3;
  private static final int CHECKPOINT = 4;
  private static final int ADVICE = 5;
  private static final int ENDED = 6;
  private static final int HEARTBEAT = 7;
  private static final int REMOVED = 8;

  @Override
  public RunEvent createInstance() {
    return new RunEvent("", "", 0, 0, 0, RunEvent.WHOLE_RUN, new Heartbeat());
  }

  @Override
  public void serialize(RunEvent event, DataOutputView target) throws IOException {
    StringValue.writeString(event.project(), target);
    StringValue.writeString(event.runId(), target);
    target.writeInt(event.attempt());
    target.writeLong(event.step());
    target.writeLong(event.emittedAt());
    target.writeInt(event.rank());
    writeBody(event.body(), target);
  }

  @Override
  public RunEvent deserialize(DataInputView source) throws IOException {
    return new RunEvent(
        StringValue.readString(source),
        StringValue.readString(source),
        source.readInt(),
        source.readLong(),
        source.readLong(),
        source.readInt(),
        readBody(source));
  }

  private static void writeBody(RunEvent.Body body, DataOutputView out) throws IOException {
    if (body instanceof Observation observation) {
      out.writeByte(OBSERVATION);
      ObservationFormat.write(observation, out);
    } else if (body instanceof Started started) {
      out.writeByte(STARTED);
      writeStarted(started, out);
    } else if (body instanceof EvaluationCompleted evaluation) {
      out.writeByte(EVALUATION);
      Double loss = evaluation.loss();
      out.writeBoolean(loss != null);
      if (loss != null) {
        writeDouble(loss, out);
      }
      TextCollections.writeNumbers(evaluation.metrics(), out);
    } else if (body instanceof CheckpointSaved checkpoint) {
      out.writeByte(CHECKPOINT);
      StringValue.writeString(checkpoint.uri(), out);
      out.writeLong(checkpoint.checkpointStep());
    } else if (body instanceof AdviceApplied advice) {
      out.writeByte(ADVICE);
      writeDouble(advice.advised(), out);
      writeDouble(advice.applied(), out);
      out.writeLong(advice.madeAtStep());
    } else if (body instanceof Ended ended) {
      out.writeByte(ENDED);
      StringValue.writeString(ended.outcome().name(), out);
    } else if (body instanceof Heartbeat) {
      out.writeByte(HEARTBEAT);
    } else if (body instanceof Removed) {
      out.writeByte(REMOVED);
    } else {
      throw new IllegalStateException("a body that this serializer does not know: " + body);
    }
  }

  private static RunEvent.Body readBody(DataInputView in) throws IOException {
    int tag = in.readByte();
    return switch (tag) {
      case OBSERVATION -> ObservationFormat.read(in);
      case STARTED -> readStarted(in);
      case EVALUATION -> {
        @Nullable Double loss = in.readBoolean() ? readDouble(in) : null;
        yield new EvaluationCompleted(loss, TextCollections.readNumbers(in));
      }
      case CHECKPOINT -> new CheckpointSaved(StringValue.readString(in), in.readLong());
      case ADVICE -> new AdviceApplied(readDouble(in), readDouble(in), in.readLong());
      case ENDED -> new Ended(Outcome.valueOf(StringValue.readString(in)));
      case HEARTBEAT -> new Heartbeat();
      case REMOVED -> new Removed();
      default -> throw new IOException("event with an unknown body, tag " + tag);
    };
  }

  private static void writeStarted(Started started, DataOutputView out) throws IOException {
    StringValue.writeString(started.owner(), out);
    StringValue.writeString(started.framework(), out);
    TextCollections.writeTexts(started.layerNames(), out);
    out.writeInt(started.worldSize());
    writeDouble(started.plannedSteps(), out);
    StringValue.writeString(started.clipMode().name(), out);
    writeDouble(started.clipThreshold(), out);
    StringValue.writeString(started.normStage().name(), out);
    out.writeBoolean(started.normScaled());
    TextCollections.writeTags(started.tags(), out);
  }

  private static Started readStarted(DataInputView in) throws IOException {
    return new Started(
        StringValue.readString(in),
        StringValue.readString(in),
        TextCollections.readTexts(in),
        in.readInt(),
        readDouble(in),
        ClipMode.valueOf(StringValue.readString(in)),
        readDouble(in),
        NormStage.valueOf(StringValue.readString(in)),
        in.readBoolean(),
        TextCollections.readTags(in));
  }

  /** The very bits, so that no NaN changes on its way. */
  private static void writeDouble(double value, DataOutputView out) throws IOException {
    out.writeLong(Double.doubleToRawLongBits(value));
  }

  private static double readDouble(DataInputView in) throws IOException {
    return Double.longBitsToDouble(in.readLong());
  }

  @Override
  public TypeSerializerSnapshot<RunEvent> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<RunEvent> {
    public Snapshot() {
      super(RunEventSerializer::new);
    }
  }
}
