package io.gradwatch.agent.tail.tensorboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.agent.tail.FileMark;
import io.gradwatch.agent.tail.Outlet;
import io.gradwatch.agent.tail.RunFeed;
import io.gradwatch.agent.tail.RunPosition;
import io.gradwatch.agent.tail.RunTail;
import io.gradwatch.traces.FieldNames;
import io.gradwatch.traces.TraceRow;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows the event files of one run: those of one folder. Files only grow, and new ones come;
 * their records are taken in the order of the times at which they were written.
 */
final class EventFolder implements RunTail {
  /**
   * How long a step may wait for the rest of its scalars: PyTorch's writer flushes every two
   * minutes, wherever it stands then.
   */
  static final long QUIET_MILLIS = Duration.ofSeconds(130).toMillis();

  private static final int RECORDS_AT_ONCE = 8_192;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String runId;
  private final Path folder;
  private final Outlet outlet;
  private final RunFeed feed;
  private final StepAssembly assembly;
  private final Map<String, FileState> files = new TreeMap<>();
  private long newsAt;

  /** Up to where a file is read. */
  private static final class FileState {
    private long offset;
    private long seenSize = -1;
    private boolean isDamaged;
  }

  /** The next record of a file. */
  private record Next(FrameReader reader, String file, long offset, LogRecord record) {}

  EventFolder(String runId, Path folder, FieldNames names, RunPosition position, Outlet outlet)
      throws IOException {
    this.runId = runId;
    this.folder = folder;
    this.outlet = outlet;
    this.feed = new RunFeed(runId, position.progress(), outlet);
    this.assembly = new StepAssembly(names);
    this.newsAt = outlet.now();
    position.files().forEach((name, mark) -> state(name).offset = mark.offset());
    recall(position);
  }

  static boolean isEventFile(Path file) {
    return String.valueOf(file.getFileName()).contains(".tfevents.");
  }

  private void recall(RunPosition position) throws IOException {
    try {
      if (!position.memory().isEmpty()) {
        assembly.recall(JSON.readValue(position.memory(), StepAssembly.Memory.class));
      }
    } catch (JsonProcessingException e) {
      throw new IOException("the positions of run '" + runId + "' are damaged: " + e, e);
    }
  }

  @Override
  public String runId() {
    return runId;
  }

  @Override
  public boolean look(boolean last) throws IOException {
    List<FrameReader> readers = new ArrayList<>();
    try {
      boolean more = read(readers);
      long now = outlet.now();
      if (last || (assembly.isWaiting() && now - newsAt >= QUIET_MILLIS)) {
        assembly.all().forEach(feed::accept);
      } else if (!more) {
        assembly.whole().forEach(feed::accept);
      }
      return more;
    } finally {
      for (FrameReader reader : readers) {
        reader.close();
      }
    }
  }

  /** Reads what is new in all files, oldest records first; true when there is more. */
  private boolean read(List<FrameReader> readers) throws IOException {
    PriorityQueue<Next> next =
        new PriorityQueue<>(
            Comparator.comparingDouble((Next n) -> n.record().wallTime())
                .thenComparing(Next::file));
    for (String file : changed()) {
      FileState state = state(file);
      FrameReader reader = open(file, state.offset);
      if (reader != null) {
        readers.add(reader);
        advance(reader, file, next);
      }
    }
    for (int i = 0; i < RECORDS_AT_ONCE; i++) {
      Next first = next.poll();
      if (first == null) {
        return false;
      }
      take(first);
      advance(first.reader(), first.file(), next);
    }
    next.forEach(unread -> state(unread.file()).offset = unread.offset());
    next.forEach(unread -> state(unread.file()).seenSize = -1);
    return !next.isEmpty();
  }

  private void take(Next next) {
    List<String> objections = new ArrayList<>();
    List<TraceRow> rows =
        assembly.accept(
            next.record(), new StepAssembly.Place(next.file(), next.offset()), objections);
    rows.forEach(feed::accept);
    objections.forEach(
        objection -> outlet.bad(next.file(), folder.resolve(next.file()) + ": " + objection));
    newsAt = outlet.now();
  }

  /** Puts the next record of a file into its place, if there is one. */
  private void advance(FrameReader reader, String file, PriorityQueue<Next> next)
      throws IOException {
    FileState state = state(file);
    while (true) {
      long offset = reader.offset();
      long damagedBefore = reader.damaged();
      byte[] frame;
      try {
        frame = reader.next();
      } catch (FrameFormatException e) {
        damaged(file, state, e);
        return;
      }
      state.offset = reader.offset();
      if (reader.damaged() > damagedBefore) {
        outlet.bad(
            file,
            "%s: byte %d: found data that does not match its checksum; passed over"
                .formatted(folder.resolve(file), offset));
      }
      if (frame == null) {
        return;
      }
      state.isDamaged = false;
      LogRecord record = decoded(frame, file, offset);
      if (record != null) {
        next.add(new Next(reader, file, offset, record));
        return;
      }
    }
  }

  /** Told once: it is looked at again whenever the file grows, for it may be half-written. */
  private void damaged(String file, FileState state, FrameFormatException e) {
    if (!state.isDamaged) {
      state.isDamaged = true;
      outlet.bad(file, e.getMessage());
    }
  }

  private @Nullable LogRecord decoded(byte[] frame, String file, long offset) {
    try {
      return RecordDecoder.decode(frame);
    } catch (IOException e) {
      outlet.bad(
          file,
          "%s: byte %d: found no record of TensorBoard: %s"
              .formatted(folder.resolve(file), offset, e.getMessage()));
      return null;
    }
  }

  /** Names of the files that changed since they were read. */
  private List<String> changed() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
      for (Path file : inside) {
        if (isEventFile(file) && Files.isRegularFile(file)) {
          String name = String.valueOf(file.getFileName());
          FileState state = state(name);
          long size = Files.size(file);
          if (size < state.offset) {
            outlet.note(name, "%s was cut: it is read from its beginning".formatted(file));
            state.offset = 0;
          }
          if (size != state.seenSize) {
            state.seenSize = size;
            names.add(name);
          }
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private @Nullable FrameReader open(String file, long offset) throws IOException {
    try {
      return new FrameReader(folder.resolve(file), offset);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private FileState state(String file) {
    return files.computeIfAbsent(file, name -> new FileState());
  }

  @Override
  public RunPosition position() {
    Map<String, Long> places = assembly.firstPlaces();
    Map<String, FileMark> marks = new HashMap<>();
    files.forEach(
        (name, state) -> {
          long offset = Math.min(state.offset, places.getOrDefault(name, Long.MAX_VALUE));
          marks.put(name, new FileMark(offset, 0, 0, 0, 0, 0));
        });
    return new RunPosition(marks, feed.progress(), feed.progress(), 0, memory());
  }

  private String memory() {
    try {
      return JSON.writeValueAsString(assembly.memory());
    } catch (JsonProcessingException e) {
      throw new AssertionError("names and numbers are JSON", e);
    }
  }

  /** Files are open during a look only. */
  @Override
  public void close() {}
}
