package io.gradwatch.agent.tail;

import io.gradwatch.traces.FieldNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs of lines: a file, which is one run, or a folder, in which each file of the kind is a run and
 * is called as its path in the folder without the extension.
 */
public final class LineLogs implements LogSource {
  /** Names that loggers give the file of every run: what tells runs apart is the folder. */
  private static final Set<String> SAME_IN_ALL_RUNS =
      Set.of("metrics", "log", "train", "trainer_log");

  private final Path root;
  private final @Nullable String runId;
  private final Set<String> extensions;
  private final Supplier<LineFormat> format;
  private final @Nullable FieldNames histories;
  private final byte[] block = new byte[LogFile.LONGEST_LINE];

  /**
   * @param histories names of fields in Transformers' histories; null: these are not looked for
   */
  private LineLogs(
      Path root,
      @Nullable String runId,
      Set<String> extensions,
      Supplier<LineFormat> format,
      @Nullable FieldNames histories) {
    this.root = root.toAbsolutePath().normalize();
    this.runId = runId;
    this.extensions = extensions;
    this.format = format;
    this.histories = histories;
  }

  /**
   * JSON lines, and what Transformers' trainer prints and keeps: a folder in which it keeps {@code
   * trainer_state.json}, also in its checkpoints, is a run.
   *
   * @param runId of the file; of a folder what stands before its runs' names; null: the file's name
   * @param logEvery steps between two lines where lines tell none, at least 1
   */
  public static LineLogs jsonl(Path root, @Nullable String runId, FieldNames names, long logEvery) {
    return new LineLogs(
        root, runId, Set.of(".jsonl", ".ndjson"), () -> new JsonLog(names, logEvery), names);
  }

  /** CSV with a header. */
  public static LineLogs csv(Path root, @Nullable String runId, FieldNames names) {
    return new LineLogs(root, runId, Set.of(".csv"), () -> new CsvLog(names), null);
  }

  /** What Megatron-LM and DeepSpeed print. */
  public static LineLogs megatron(Path root, @Nullable String runId, FieldNames names) {
    return new LineLogs(
        root, runId, Set.of(".log", ".out", ".txt"), () -> new MegatronLog(names), null);
  }

  @Override
  public List<Found> find() throws IOException {
    if (!Files.exists(root)) {
      return List.of();
    }
    if (!Files.isDirectory(root)) {
      return List.of(new Found(runId == null ? nameOf(root) : runId, root));
    }
    List<Found> found = new ArrayList<>();
    for (Path file : LogFolder.files(root, this::isLog)) {
      found.add(
          new Found(RunNames.within(runId, root, withoutExtension(root.relativize(file))), file));
    }
    if (histories != null) {
      addHistories(found);
    }
    return found;
  }

  private void addHistories(List<Found> found) throws IOException {
    Set<Path> folders = new TreeSet<>();
    for (Path file : LogFolder.files(root, LineLogs::isHistory)) {
      Path folder = HistoryTail.outputFolder(file);
      folders.add(folder != null && folder.startsWith(root) ? folder : root);
    }
    for (Path folder : folders) {
      found.add(new Found(RunNames.within(runId, root, root.relativize(folder)), folder));
    }
  }

  private static boolean isHistory(Path file) {
    return String.valueOf(file.getFileName()).equals(HistoryTail.FILE);
  }

  @Override
  public RunTail follow(Found run, RunPosition position, Outlet outlet) throws IOException {
    if (histories != null && (isHistory(run.path()) || Files.isDirectory(run.path()))) {
      return new HistoryTail(run.runId(), run.path(), histories, position, outlet);
    }
    return new LineTail(
        run.runId(), run.path(), run.path().toString(), format.get(), position, block, outlet);
  }

  private boolean isLog(Path file) {
    String name = String.valueOf(file.getFileName());
    return extensions.stream().anyMatch(e -> name.endsWith(e) && name.length() > e.length());
  }

  private static Path withoutExtension(Path file) {
    String name = RunNames.stem(file);
    Path folder = file.getParent();
    if (folder == null) {
      return Path.of(SAME_IN_ALL_RUNS.contains(name) ? "" : name);
    }
    return SAME_IN_ALL_RUNS.contains(name) ? folder : folder.resolve(name);
  }

  private static String nameOf(Path file) {
    String name = RunNames.stem(file);
    Path folder = isHistory(file) ? HistoryTail.outputFolder(file) : file.getParent();
    Path folderName = folder == null ? null : folder.getFileName();
    boolean saysNothing = SAME_IN_ALL_RUNS.contains(name) || isHistory(file);
    return saysNothing && folderName != null ? folderName.toString() : name;
  }
}
