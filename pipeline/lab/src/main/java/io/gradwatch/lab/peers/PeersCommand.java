package io.gradwatch.lab.peers;

import static java.util.Objects.requireNonNull;

import io.gradwatch.lab.recordings.TraceFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peers}. */
@Command(
    name = "peers",
    description = "Scores the rules of the peers and Gradwatch on a folder of labelled runs.")
public final class PeersCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = TraceFolder.DEFAULT,
      description = "Recordings with labels.json. Default: traces/dev of this module.")
  private Path folder = Path.of(TraceFolder.DEFAULT);

  @Option(names = "--json", paramLabel = "OUT.jsonl", description = "Also a line of JSON a rule.")
  private @Nullable Path json;

  @Option(names = "--threads", paramLabel = "N", description = "Default: the processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Contest contest = Contest.hold(TraceFolder.open(folder), threads);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    ContestText.table(contest).forEach(out::println);
    out.flush();
    if (json != null) {
      Files.write(json, ContestText.json(contest));
    }
    return 0;
  }
}
