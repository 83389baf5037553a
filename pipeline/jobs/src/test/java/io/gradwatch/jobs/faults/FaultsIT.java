package io.gradwatch.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whatever is done to the job and its cluster, topics hold what the backtest says to the same
 * events. How many schedules and from which seed on is said by the properties {@value #SCHEDULES}
 * and {@value #SEED}.
 */
class FaultsIT {
  /** How many schedules. */
  static final String SCHEDULES = "gradwatch.faults.schedules";

  /** Seed of the first one; each has the next. */
  static final String SEED = "gradwatch.faults.seed";

  private static final Path FOLDER = Path.of("target", "faults");
  private static final Figures FIGURES = new Figures();

  private static Workload workload;

  @BeforeAll
  static void computeWhatIsExpected() throws IOException {
    delete(FOLDER);
    workload = Workload.fleet();
  }

  @AfterAll
  static void tellWhatRecoveryTook() throws IOException {
    System.out.println(FIGURES.table());
    Files.writeString(Files.createDirectories(FOLDER).resolve("figures.md"), FIGURES.table());
  }

  @TestFactory
  Stream<DynamicTest> publishesWhatTheBacktestSaysThrough() {
    int count = Integer.getInteger(SCHEDULES, 1);
    long first = Long.getLong(SEED, 0);
    return LongStream.range(first, first + count).mapToObj(Schedule::of).map(FaultsIT::trial);
  }

  private static DynamicTest trial(Schedule schedule) {
    return DynamicTest.dynamicTest(
        "seed " + schedule.seed(),
        () -> {
          System.out.println(schedule);
          Path folder = FOLDER.resolve("seed-" + schedule.seed());
          Trial.Result result = new Trial(schedule, workload, folder).run();
          System.out.println("  took " + result.took().toSeconds() + " s");
          FIGURES.add(result);
          assertThat(result.violations())
              .as("%s%ndata and logs in %s", schedule, folder.toAbsolutePath())
              .isEmpty();
          delete(folder);
        });
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
