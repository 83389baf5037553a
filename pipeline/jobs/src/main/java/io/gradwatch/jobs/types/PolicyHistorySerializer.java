package io.gradwatch.jobs.types;

import io.gradwatch.jobs.records.PolicyHistory;
import io.gradwatch.jobs.records.PolicyHistory.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Bytes of a {@link PolicyHistory}: the number of this format, then the records as they came, so
 * that settings evolve with their schema.
 */
public final class PolicyHistorySerializer extends ImmutableSerializer<PolicyHistory> {
  private static final int FORMAT = 1;

  @Override
  public PolicyHistory createInstance() {
    return new PolicyHistory(List.of(new Version(0, 0, 0, null)));
  }

  @Override
  public void serialize(PolicyHistory history, DataOutputView target) throws IOException {
    target.writeInt(FORMAT);
    target.writeInt(history.versions().size());
    for (Version version : history.versions()) {
      target.writeLong(version.effectiveAt());
      target.writeLong(version.offset());
      target.writeLong(version.timestamp());
      RecordParts.writeBytes(version.value(), target);
    }
  }

  @Override
  public PolicyHistory deserialize(DataInputView source) throws IOException {
    int format = source.readInt();
    if (format != FORMAT) {
      throw new IOException("policies have format " + format + ", this build reads " + FORMAT);
    }
    int size = source.readInt();
    List<Version> versions = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      versions.add(
          new Version(
              source.readLong(),
              source.readLong(),
              source.readLong(),
              RecordParts.readBytes(source)));
    }
    return new PolicyHistory(versions);
  }

  @Override
  public TypeSerializerSnapshot<PolicyHistory> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends VersionSnapshot<PolicyHistory> {
    public Snapshot() {
      super("history of a policy", FORMAT);
    }

    @Override
    public PolicyHistorySerializer restoreSerializer() {
      return new PolicyHistorySerializer();
    }
  }
}
