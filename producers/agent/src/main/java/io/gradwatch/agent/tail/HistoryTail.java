package io.gradwatch.agent.tail;

import io.gradwatch.traces.FieldNames;
import io.gradwatch.traces.LogHistory;
import io.gradwatch.traces.TraceFormatException;
import io.gradwatch.traces.TraceRow;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the {@code trainer_state.json} of Transformers, which is written with each checkpoint,
 * each time with the whole history and in another folder. The newest is compared row by row with
 * what was published: what follows the rows that both have is new. Where it parts from what was
 * published, the training was resumed from a checkpoint.
 */
final class HistoryTail implements RunTail {
  static final String FILE = "trainer_state.json";
  private static final String CHECKPOINT = "checkpoint-";
  private static final int HEX = 16;

  private final String runId;
  private final Path path;
  private final FieldNames names;
  private final Outlet outlet;
  private final RunFeed feed;
  private List<Integer> published;
  private @Nullable State seen;
  private boolean isDamaged;

  /** One of the files, as it is now. */
  private record State(Path file, FileTime modified, long size) {}

  /**
   * @param path the file, or the folder with the checkpoints
   */
  HistoryTail(String runId, Path path, FieldNames names, RunPosition position, Outlet outlet)
      throws IOException {
    this.runId = runId;
    this.path = path;
    this.names = names;
    this.outlet = outlet;
    this.feed = new RunFeed(runId, position.progress(), outlet);
    this.published = digests(position.memory());
  }

  /** The folder that a training writes to, by one of its files. */
  static @Nullable Path outputFolder(Path file) {
    Path folder = file.getParent();
    Path name = folder == null ? null : folder.getFileName();
    boolean isCheckpoint = name != null && name.toString().startsWith(CHECKPOINT);
    return folder != null && isCheckpoint ? folder.getParent() : folder;
  }

  @Override
  public String runId() {
    return runId;
  }

  @Override
  public boolean look(boolean last) throws IOException {
    State newest = newest();
    if (newest == null || newest.equals(seen)) {
      return false;
    }
    try {
      publish(LogHistory.read(newest.file(), names));
      seen = newest;
      isDamaged = false;
    } catch (NoSuchFileException e) {
      return false; // its checkpoint was deleted in the meantime
    } catch (TraceFormatException e) {
      if (isDamaged || last) {
        outlet.bad(newest.file().toString(), e.getMessage());
        seen = newest;
      }
      isDamaged = true; // it may be half-written: the next look tells
    }
    return false;
  }

  private void publish(List<TraceRow> rows) {
    List<Integer> digests = new ArrayList<>();
    rows.forEach(row -> digests.add((int) row.digest()));
    int same = 0;
    while (same < Math.min(digests.size(), published.size())
        && digests.get(same).equals(published.get(same))) {
      same++;
    }
    if (same == digests.size()) {
      return; // that of an earlier checkpoint
    }
    if (same < published.size()) {
      feed.resume();
    }
    rows.subList(same, rows.size()).forEach(row -> feed.accept(TrainerRows.judged(row)));
    published = digests;
  }

  private @Nullable State newest() throws IOException {
    List<State> all = new ArrayList<>();
    if (!Files.isDirectory(path)) {
      add(path, all);
    } else {
      add(path.resolve(FILE), all);
      try (DirectoryStream<Path> checkpoints = Files.newDirectoryStream(path, CHECKPOINT + "*")) {
        for (Path checkpoint : checkpoints) {
          add(checkpoint.resolve(FILE), all);
        }
      } catch (NoSuchFileException | NotDirectoryException e) {
        return null;
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return all.stream()
        .max(Comparator.comparing(State::modified).thenComparing(State::size))
        .orElse(null);
  }

  private static void add(Path file, List<State> out) throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      out.add(new State(file, now.lastModifiedTime(), now.size()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return; // not yet, or not any more
    }
  }

  @Override
  public RunPosition position() {
    StringBuilder memory = new StringBuilder();
    published.forEach(digest -> memory.append(Integer.toHexString(digest)).append(' '));
    return new RunPosition(
        Map.of(), feed.progress(), feed.progress(), 0, memory.toString().stripTrailing());
  }

  private List<Integer> digests(String memory) throws IOException {
    List<Integer> digests = new ArrayList<>();
    try {
      for (String word : memory.isEmpty() ? new String[0] : memory.split(" ", -1)) {
        digests.add(Integer.parseUnsignedInt(word, HEX));
      }
      return digests;
    } catch (NumberFormatException e) {
      throw new IOException("the positions of run '" + runId + "' are damaged", e);
    }
  }

  /** Files are open during a look only. */
  @Override
  public void close() {}
}
