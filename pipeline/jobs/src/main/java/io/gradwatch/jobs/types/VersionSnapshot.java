package io.gradwatch.jobs.types;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Remembers in a checkpoint by which version of a state it was written. A build reads the states of
 * its own version and of those before it, never of a newer one: it says so as soon as it meets one
 * rather than leave it to Flink, which could only say that two serializers do not fit.
 */
abstract class VersionSnapshot<S> implements TypeSerializerSnapshot<S> {
  private static final int VERSION = 1;

  private final String what;
  private final int newest;
  private int stateVersion;

  /**
   * A snapshot of this build.
   *
   * @param what the state, as errors call it
   * @param stateVersion what this build writes
   */
  VersionSnapshot(String what, int stateVersion) {
    this.what = what;
    newest = stateVersion;
    this.stateVersion = stateVersion;
  }

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    out.writeInt(stateVersion);
  }

  @Override
  public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader)
      throws IOException {
    if (readVersion != VERSION) {
      throw refused("in form " + readVersion, "form " + VERSION);
    }
    int found = in.readInt();
    if (found < 1 || found > newest) {
      throw refused("as version " + found, "versions 1 to " + newest);
    }
    stateVersion = found;
  }

  private IOException refused(String found, String known) {
    return new IOException(
        ("The %s in this savepoint or checkpoint was written %s, this build of Gradwatch reads %s."
                + " Start the build that wrote it, or a newer one; to go back to this build, start"
                + " it from a savepoint of its own.")
            .formatted(what, found, known));
  }

  @Override
  public TypeSerializerSchemaCompatibility<S> resolveSchemaCompatibility(
      TypeSerializerSnapshot<S> old) {
    return old.getClass() == getClass()
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
