package io.gradwatch.lab.peers;

import io.gradwatch.lab.recordings.TraceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lead-times}. */
@Command(
    name = "lead-times",
    description = "Draws when Gradwatch and the best peer paged on every diverged run of a folder.")
public final class LeadTimesCommand implements Callable<Integer> {
  private static final String FIGURE = "${sys:lab.home:-.}/figures/lead-times.svg";

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = TraceFolder.DEFAULT,
      description = "Recordings with labels.json. Default: traces/dev of this module.")
  private Path folder = Path.of(TraceFolder.DEFAULT);

  @Option(
      names = "--out",
      paramLabel = "FILE.svg",
      defaultValue = FIGURE,
      description = "Default: figures/lead-times.svg of this module.")
  private Path out = Path.of(FIGURE);

  @Option(names = "--threads", paramLabel = "N", description = "Default: the processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException, InterruptedException {
    String picture = LeadTimesFigure.draw(Contest.hold(TraceFolder.open(folder), threads));
    Path parent = out.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(out, picture);
    return 0;
  }
}
