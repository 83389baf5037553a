package io.gradwatch.lab.publisher;

import static java.util.Objects.requireNonNull;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import io.gradwatch.lab.JsonLine;
import io.gradwatch.lab.Machine;
import io.gradwatch.lab.timing.Percentiles;
import io.gradwatch.lab.timing.Schedule;
import io.gradwatch.producer.DropCause;
import io.gradwatch.producer.RunDescription;
import io.gradwatch.producer.StepPublisher;
import io.gradwatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code publisher-cost}. */
@Command(
    name = "publisher-cost",
    description = {
      "Tells what StepPublisher costs the thread that trains: the clock before and after each call"
          + " that makes a report and publishes it, nothing subtracted.",
      "The broker runs in this process, so its work disturbs the trainer as another's would not."
    })
public final class PublisherCostCommand implements Callable<Integer> {
  private static final Duration CLOSE = Duration.ofSeconds(30);
  private static final double MICRO = 1e3;
  private static final int WARM_UP_ROUNDS = 20;
  private static final long WARM_UP_STEPS = 4_000;

  @Option(
      names = "--layers",
      split = ",",
      paramLabel = "N",
      description = "Layers of the run. Default: 10,100,1000.")
  private List<Integer> layers = List.of(10, 100, 1_000);

  @Option(
      names = "--situations",
      split = ",",
      paramLabel = "WHAT",
      description = "${COMPLETION-CANDIDATES}. Default: all.")
  private List<Situation> situations = List.of(Situation.values());

  @Option(names = "--steps", paramLabel = "N", description = "Calls. Default: ${DEFAULT-VALUE}.")
  private int steps = 20_000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Steps a second where they are paced. Default: ${DEFAULT-VALUE}.")
  private double rate = 1_000;

  @Option(names = "--json", description = "One line of JSON for each row instead of a table.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    CallCost.ofTheClock(steps);
    Percentiles clock = CallCost.ofTheClock(steps);
    if (!json) {
      out.printf(
          Locale.ROOT,
          "two readings of the clock: p50 %d ns, p99 %d ns, p99.9 %d ns%n%n",
          clock.at(0.5),
          clock.at(0.99),
          clock.at(0.999));
      out.println(
          "| layers | situation | p50 | p99 | p99.9 | largest | processor time | bytes allocated"
              + " | told a second | queue full | queued | heap kept |");
      out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.temporary())) {
      broker.createTopics(
          List.of(new NewTopic(Topics.events(Topics.DEFAULT_PROJECT), 1, (short) 1)));
      for (int count : layers) {
        for (Situation situation : situations) {
          measure(out, broker.bootstrapServers(), count, situation, clock);
        }
      }
    }
    return 0;
  }

  private void measure(
      PrintWriter out, String servers, int layerCount, Situation situation, Percentiles clock)
      throws IOException {
    boolean away = situation == Situation.BROKER_AWAY;
    try (StepPublisher publisher =
        StepPublisher.builder()
            .bootstrapServers(away ? "127.0.0.1:" + freePort() : servers)
            .runId(situation + "-" + layerCount)
            .build()) {
      publisher.started(
          0,
          RunDescription.create()
              .layers(IntStream.range(0, layerCount).mapToObj(k -> "layer-" + k).toList()));
      warmUp(publisher, layerCount, away);
      long dropped = publisher.stats().droppedInAll();
      CallCost cost =
          CallCost.of(
              publisher,
              WARM_UP_ROUNDS * WARM_UP_STEPS,
              steps,
              layerCount,
              situation == Situation.PACED ? new Schedule(System.nanoTime(), rate) : null);
      long kept = away ? heapUsed() : 0;
      publisher.close(away ? Duration.ZERO : CLOSE);
      kept = away ? kept - heapUsed() : 0;
      print(out, layerCount, situation, cost, dropped, kept, clock);
    }
  }

  private void print(
      PrintWriter out,
      int layerCount,
      Situation situation,
      CallCost cost,
      long droppedBefore,
      long kept,
      Percentiles clock) {
    Percentiles nanos = cost.nanos();
    long dropped = cost.stats().dropped(DropCause.QUEUE_FULL) - droppedBefore;
    if (json) {
      out.println(
          new JsonLine("publisher-cost")
              .with("layers", layerCount)
              .with("situation", situation.name())
              .with("calls", nanos.count())
              .with("p50_ns", nanos.at(0.5))
              .with("p99_ns", nanos.at(0.99))
              .with("p999_ns", nanos.at(0.999))
              .with("largest_ns", nanos.largest())
              .with("cpu_ns_per_event", cost.cpuNanosPerEvent())
              .with("allocated_bytes_per_event", cost.bytesPerEvent())
              .with("events_per_second", cost.eventsPerSecond())
              .with("queue_full", dropped)
              .with("queued", cost.stats().queued())
              .with("heap_kept_bytes", kept)
              .with("clock_p50_ns", clock.at(0.5))
              .with("clock_p99_ns", clock.at(0.99))
              .on(Machine.here()));
    } else {
      out.printf(
          Locale.ROOT,
          "| %,d | %s | %.2f µs | %.2f µs | %.2f µs | %,.0f µs | %s | %,.0f | %,.0f | %,d | %,d |"
              + " %s |%n",
          layerCount,
          situation,
          nanos.at(0.5) / MICRO,
          nanos.at(0.99) / MICRO,
          nanos.at(0.999) / MICRO,
          nanos.largest() / MICRO,
          Double.isNaN(cost.cpuNanosPerEvent())
              ? ""
              : String.format(Locale.ROOT, "%.2f µs", cost.cpuNanosPerEvent() / MICRO),
          cost.bytesPerEvent(),
          cost.eventsPerSecond(),
          dropped,
          cost.stats().queued(),
          situation == Situation.BROKER_AWAY ? "%,d KB".formatted(kept / 1_000) : "");
    }
    out.flush();
  }

  /** Lets the compiler see what it will, in portions that the queue holds while it is emptied. */
  private static void warmUp(StepPublisher publisher, int layerCount, boolean away) {
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      CallCost.of(publisher, round * WARM_UP_STEPS, (int) WARM_UP_STEPS, layerCount, null);
      if (!away) {
        awaitEmptyQueue(publisher);
      }
    }
  }

  private static void awaitEmptyQueue(StepPublisher publisher) {
    long deadline = System.nanoTime() + CLOSE.toNanos();
    while (publisher.stats().queued() > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            publisher.stats().queued() + " events are still queued after " + CLOSE);
      }
      Thread.onSpinWait();
    }
  }

  @SuppressWarnings("DoNotCallSuggester")
  private static long heapUsed() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 2; i++) { // the first may leave what was just finalised
      runtime.gc();
      sleep(50);
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A port at which nobody listens. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
