package io.gradwatch.agent.tail;

import io.gradwatch.traces.FieldNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
  private final byte[] block = new byte[LogFile.LONGEST_LINE];

  private LineLogs(
      Path root, @Nullable String runId, Set<String> extensions, Supplier<LineFormat> format) {
    this.root = root.toAbsolutePath().normalize();
    this.runId = runId;
    this.extensions = extensions;
    this.format = format;
  }

  /**
   * JSON lines, and Transformers' printed dicts.
   *
   * @param runId of the file; of a folder what stands before its runs' names; null: the file's name
   * @param logEvery steps between two lines where lines tell none, at least 1
   */
  public static LineLogs jsonl(Path root, @Nullable String runId, FieldNames names, long logEvery) {
    return new LineLogs(
        root, runId, Set.of(".jsonl", ".ndjson"), () -> new JsonLog(names, logEvery));
  }

  /** CSV with a header. */
  public static LineLogs csv(Path root, @Nullable String runId, FieldNames names) {
    return new LineLogs(root, runId, Set.of(".csv"), () -> new CsvLog(names));
  }

  /** What Megatron-LM and DeepSpeed print. */
  public static LineLogs megatron(Path root, @Nullable String runId, FieldNames names) {
    return new LineLogs(root, runId, Set.of(".log", ".out", ".txt"), () -> new MegatronLog(names));
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
    return found;
  }

  @Override
  public RunTail follow(Found run, RunPosition position, Outlet outlet) throws IOException {
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
    Path folder = file.getParent();
    Path folderName = folder == null ? null : folder.getFileName();
    return SAME_IN_ALL_RUNS.contains(name) && folderName != null ? folderName.toString() : name;
  }
}
