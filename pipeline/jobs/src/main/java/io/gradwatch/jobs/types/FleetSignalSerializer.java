package io.gradwatch.jobs.types;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.fleet.FleetSignal;
import io.gradwatch.core.fleet.FleetSignal.Page;
import io.gradwatch.core.fleet.FleetSignal.What;
import io.gradwatch.core.fleet.Group;
import io.gradwatch.core.policy.DetectorSwitch;
import io.gradwatch.core.policy.FleetIncidentPolicy;
import io.gradwatch.core.policy.Policy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Bytes of a {@link FleetSignal}. */
public final class FleetSignalSerializer extends ImmutableSerializer<FleetSignal> {

  @Override
  public FleetSignal createInstance() {
    return new FleetSignal(
        What.LEFT, "", "", List.of(), 0, Page.NONE, Policy.defaults().fleetIncident());
  }

  @Override
  public void serialize(FleetSignal signal, DataOutputView target) throws IOException {
    StringValue.writeString(signal.what().name(), target);
    StringValue.writeString(signal.project(), target);
    StringValue.writeString(signal.runId(), target);
    target.writeInt(signal.groups().size());
    for (Group group : signal.groups()) {
      StringValue.writeString(group.tag(), target);
      StringValue.writeString(group.value(), target);
    }
    target.writeLong(signal.emittedAt());
    StringValue.writeString(signal.page().alarmId(), target);
    StringValue.writeString(signal.page().kind().name(), target);
    target.writeLong(signal.page().step());
    write(signal.policy(), target);
  }

  @Override
  public FleetSignal deserialize(DataInputView source) throws IOException {
    return new FleetSignal(
        What.valueOf(StringValue.readString(source)),
        StringValue.readString(source),
        StringValue.readString(source),
        readGroups(source),
        source.readLong(),
        new Page(
            StringValue.readString(source),
            AlarmKind.valueOf(StringValue.readString(source)),
            source.readLong()),
        readPolicy(source));
  }

  private static List<Group> readGroups(DataInputView in) throws IOException {
    int size = in.readInt();
    List<Group> groups = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      groups.add(new Group(StringValue.readString(in), StringValue.readString(in)));
    }
    return List.copyOf(groups);
  }

  private static void write(FleetIncidentPolicy policy, DataOutputView out) throws IOException {
    out.writeBoolean(policy.detector().enabled());
    StringValue.writeString(policy.detector().highest().name(), out);
    StringValue.writeString(policy.detector().own().name(), out);
    out.writeInt(policy.runs());
    out.writeLong(Double.doubleToRawLongBits(policy.share()));
    out.writeInt(policy.windowSeconds());
  }

  private static FleetIncidentPolicy readPolicy(DataInputView in) throws IOException {
    return new FleetIncidentPolicy(
        new DetectorSwitch(
            in.readBoolean(),
            Severity.valueOf(StringValue.readString(in)),
            Severity.valueOf(StringValue.readString(in))),
        in.readInt(),
        Double.longBitsToDouble(in.readLong()),
        in.readInt());
  }

  @Override
  public TypeSerializerSnapshot<FleetSignal> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names this serializer in a checkpoint. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<FleetSignal> {
    public Snapshot() {
      super(FleetSignalSerializer::new);
    }
  }
}
