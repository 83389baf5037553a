package io.gradwatch.traces;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens recordings: {@code .csv}, {@code .jsonl}, each also with {@code .gz} behind. */
public final class RecordedRuns {
  private static final int BLOCK = 1 << 12;
  private static final List<String> EXTENSIONS = List.of(".csv", ".csv.gz", ".jsonl", ".jsonl.gz");

  private RecordedRuns() {}

  /** True when the file's name is one of a recording. */
  public static boolean isRecordedRun(Path file) {
    String name = name(file);
    return EXTENSIONS.stream().anyMatch(e -> name.endsWith(e) && name.length() > e.length());
  }

  /**
   * The run id of a recording: the file's name without its extension.
   *
   * @throws TraceFormatException when the name has none of the extensions, or nothing before it
   */
  public static String runId(Path file) throws TraceFormatException {
    return runId(file.toString(), name(file));
  }

  /**
   * Opens a recording.
   *
   * @throws TraceFormatException when it is no recording or its header cannot be read
   */
  public static RecordedRun open(Path file) throws IOException {
    String runId = runId(file);
    return open(file.toString(), runId, name(file), Files.newInputStream(file), Files.size(file));
  }

  private static String name(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  private static String runId(String source, String name) throws TraceFormatException {
    for (String extension : EXTENSIONS) {
      if (name.endsWith(extension) && name.length() > extension.length()) {
        return name.substring(0, name.length() - extension.length());
      }
    }
    throw new TraceFormatException(
        source, "no recorded run by its name; allowed: NAME" + String.join(", NAME", EXTENSIONS));
  }

  /** Opens a stream, and closes it when that fails. */
  static RecordedRun open(String source, String runId, String name, InputStream in, long length)
      throws IOException {
    CountingStream bytes = new CountingStream(in, length);
    boolean opened = false;
    try {
      InputStream content = name.endsWith(".gz") ? new GZIPInputStream(bytes, BLOCK) : bytes;
      RowSource rows =
          name.contains(".jsonl")
              ? new JsonSource(content, source)
              : new CsvSource(new InputStreamReader(content, StandardCharsets.UTF_8), source);
      opened = true;
      return new RowRun(source, runId, rows, bytes);
    } catch (EOFException | ZipException e) {
      throw new TraceFormatException(source, "no gzip data, or damaged: " + e.getMessage());
    } finally {
      if (!opened) {
        in.close();
      }
    }
  }
}
