package io.gradwatch.backtest;

import io.gradwatch.core.alarm.Alarm;
import io.gradwatch.core.clip.Recommendation;
import io.gradwatch.core.monitor.RunStatistics;
import io.gradwatch.core.policy.PolicyBook;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Many recorded runs, several at a time, their findings handed on in the order of the files. Runs
 * know nothing of each other, so the outcome does not depend on the number of threads.
 */
public final class Backtests {
  /** Files that may be read ahead of the one whose findings are handed on, for each thread. */
  private static final int AHEAD = 4;

  private final String project;
  private final PolicyBook policies;
  private final int threads;

  /**
   * @param project the project the runs count as
   * @param policies the settings they are judged by
   * @param threads files read at a time, at least 1
   */
  public Backtests(String project, PolicyBook policies, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    this.project = project;
    this.policies = policies;
    this.threads = threads;
  }

  /**
   * Reads all files to their ends.
   *
   * @param consumer called by the calling thread only
   * @return one report a file, in their order
   * @throws InterruptedException when the calling thread is interrupted
   */
  public List<RunReport> run(List<Path> files, FindingsConsumer consumer)
      throws InterruptedException {
    List<RunReport> reports = new ArrayList<>(files.size());
    if (threads == 1) {
      Backtest backtest = new Backtest(project, policies);
      files.forEach(file -> reports.add(backtest.run(file, consumer)));
      return reports;
    }
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      Iterator<Path> left = files.iterator();
      ArrayDeque<Future<Kept>> underWay = new ArrayDeque<>();
      while (left.hasNext() || !underWay.isEmpty()) {
        while (left.hasNext() && underWay.size() < threads * AHEAD) {
          Path file = left.next();
          underWay.add(workers.submit(() -> readAndKeep(file)));
        }
        reports.add(outcome(underWay.remove()).handOn(consumer));
      }
    } finally {
      workers.shutdownNow();
    }
    return reports;
  }

  private Kept readAndKeep(Path file) {
    Kept kept = new Kept();
    new Backtest(project, policies).run(file, kept);
    return kept;
  }

  private static Kept outcome(Future<Kept> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a backtest broke off", e.getCause());
    }
  }

  /** What one file led to, kept until its turn comes. */
  private static final class Kept implements FindingsConsumer {
    private final List<Consumer<FindingsConsumer>> findings = new ArrayList<>();
    private final List<RunReport> reports = new ArrayList<>(1);

    @Override
    public void alarm(Alarm alarm) {
      findings.add(consumer -> consumer.alarm(alarm));
    }

    @Override
    public void recommendation(Recommendation recommendation) {
      findings.add(consumer -> consumer.recommendation(recommendation));
    }

    @Override
    public void statistics(RunStatistics statistics) {
      findings.add(consumer -> consumer.statistics(statistics));
    }

    @Override
    public void refused(Refusal refusal) {
      findings.add(consumer -> consumer.refused(refusal));
    }

    @Override
    public void finished(RunReport report) {
      findings.add(consumer -> consumer.finished(report));
      reports.add(report);
    }

    RunReport handOn(FindingsConsumer consumer) {
      findings.forEach(finding -> finding.accept(consumer));
      return reports.get(0);
    }
  }
}
