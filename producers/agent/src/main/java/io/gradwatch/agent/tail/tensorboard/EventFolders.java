package io.gradwatch.agent.tail.tensorboard;

import io.gradwatch.agent.tail.LogFolder;
import io.gradwatch.agent.tail.LogSource;
import io.gradwatch.agent.tail.Outlet;
import io.gradwatch.agent.tail.RunNames;
import io.gradwatch.agent.tail.RunPosition;
import io.gradwatch.agent.tail.RunTail;
import io.gradwatch.traces.FieldNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A folder of TensorBoard's: each folder in it that holds event files is a run, and is called as
 * its path in the folder, the folder itself by its own name.
 */
public final class EventFolders implements LogSource {
  private final Path root;
  private final @Nullable String runId;
  private final FieldNames names;

  /**
   * @param runId of the folder itself, and what stands before the names of those in it; null: by
   *     the folders' names only
   */
  public EventFolders(Path root, @Nullable String runId, FieldNames names) {
    this.root = root.toAbsolutePath().normalize();
    this.runId = runId;
    this.names = names;
  }

  @Override
  public List<Found> find() throws IOException {
    TreeSet<Path> folders = new TreeSet<>();
    if (Files.isDirectory(root)) {
      for (Path file : LogFolder.files(root, EventFolder::isEventFile)) {
        Path folder = file.getParent();
        folders.add(folder == null ? root : folder);
      }
    }
    List<Found> found = new ArrayList<>();
    for (Path folder : folders) {
      found.add(new Found(RunNames.within(runId, root, root.relativize(folder)), folder));
    }
    return found;
  }

  @Override
  public RunTail follow(Found run, RunPosition position, Outlet outlet) throws IOException {
    return new EventFolder(run.runId(), run.path(), names, position, outlet);
  }
}
