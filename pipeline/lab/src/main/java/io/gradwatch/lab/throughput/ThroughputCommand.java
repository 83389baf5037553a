package io.gradwatch.lab.throughput;

import static java.util.Objects.requireNonNull;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.lab.SyntheticSteps.Reported;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code throughput}. */
@Command(
    name = "throughput",
    description = {
      "Runs the job and jobs that do less over the same events on a broker in this process, by turns,"
          + " and tells how many they take a second: medians of the rounds.",
      "Processor time is that of job and broker together; it says more than the clock where the"
          + " machine has other work. Needs some GB in the folder for temporary files."
    })
public final class ThroughputCommand implements Callable<Integer> {
  @Option(names = "--runs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int runs = 100;

  @Option(names = "--layers", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int layers = 100;

  @Option(
      names = "--reported",
      paramLabel = "WHAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Reported reported = Reported.GRADIENTS;

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Events in the topic. Default: ${DEFAULT-VALUE}.")
  private int records = 1_000_000;

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(names = "--parallelism", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int parallelism = 1;

  @Option(
      names = "--jobs",
      split = ",",
      paramLabel = "JOB",
      description = "${COMPLETION-CANDIDATES}. Default: all.")
  private List<Contestant> jobs = List.of(Contestant.values());

  @Option(names = "--json", description = "One line of JSON for each job instead of a table.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("gradwatch-throughput");
    try {
      measure(folder);
    } finally {
      delete(folder);
    }
    return 0;
  }

  private void measure(Path folder) throws Exception {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    Workload workload = new Workload(runs, layers, reported, records);
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerOptions.temporary().withDataFolder(folder.resolve("kafka")))) {
      broker.createTopics(topics());
      long bytes = workload.send(broker.bootstrapServers());
      err.printf("%,d events, %d bytes each%n", records, bytes / records);
      err.flush();
      Map<Contestant, List<Heat.Result>> results = new EnumMap<>(Contestant.class);
      // The first round warms up broker and compiler.
      for (int round = 0; round <= rounds; round++) {
        for (Contestant job : jobs) {
          String name = job.name().toLowerCase(Locale.ROOT) + "-" + round;
          Heat.Result result =
              Heat.run(
                  job,
                  broker.bootstrapServers(),
                  records,
                  parallelism,
                  folder.resolve("state").toUri().toString(),
                  name);
          err.printf(
              Locale.ROOT,
              "%s: %,.0f records/s, %.2f us%n",
              name,
              result.recordsPerSecond(),
              result.cpuMicros());
          err.flush();
          if (round > 0) {
            results.computeIfAbsent(job, any -> new ArrayList<>()).add(result);
          }
        }
      }
      print(workload, results);
    }
  }

  private void print(Workload workload, Map<Contestant, List<Heat.Result>> results) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    List<Heat.Result> first = results.values().iterator().next();
    double baseRate = median(first, Heat.Result::recordsPerSecond);
    double baseCpu = median(first, Heat.Result::cpuMicros);
    if (!json) {
      out.println(
          "| job | records/s | layer values/s | to the first | processor time a record | to the"
              + " first |");
      out.println("|---|---|---|---|---|---|");
    }
    results.forEach(
        (job, heats) -> {
          double rate = median(heats, Heat.Result::recordsPerSecond);
          double cpu = median(heats, Heat.Result::cpuMicros);
          if (json) {
            out.printf(
                Locale.ROOT,
                "{\"job\":\"%s\",\"runs\":%d,\"layers\":%d,\"reported\":\"%s\",\"parallelism\":%d,"
                    + "\"records_per_second\":%.0f,\"values_per_second\":%.0f,\"cpu_us\":%.3f,"
                    + "\"processors\":%d,\"java\":\"%s\"}%n",
                job,
                runs,
                layers,
                reported,
                parallelism,
                rate,
                rate * workload.values(),
                cpu,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
          } else {
            out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %.2f | %.2f µs | %.2f |%n",
                job,
                rate,
                rate * workload.values(),
                rate / baseRate,
                cpu,
                cpu / baseCpu);
          }
        });
    out.flush();
  }

  private static double median(List<Heat.Result> results, ToDoubleFunction<Heat.Result> figure) {
    double[] sorted = results.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static List<NewTopic> topics() {
    Stream<NewTopic> ours =
        Topics.allSpecs(Topics.DEFAULT_PROJECT).stream()
            .map(
                spec ->
                    new NewTopic(spec.name(), spec.partitions(), (short) 1)
                        .configs(spec.configs()));
    return Stream.concat(ours, Stream.of(new NewTopic(Contestant.COPY, 8, (short) 1))).toList();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
