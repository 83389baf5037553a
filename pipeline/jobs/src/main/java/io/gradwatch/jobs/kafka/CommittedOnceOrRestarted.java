package io.gradwatch.jobs.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;

/**
 * Commits each transaction once; where Kafka's connector means to try one again, the job restarts.
 * The connector tries again with the producer that has just failed, in vain and ten times, each as
 * long as records may take to be delivered; Flink's {@code sink.committer.retries} would say how
 * often, but Flink 2.3 looks for it in a configuration where no job can set it. From its checkpoint
 * the job resumes the transaction with a new producer.
 */
@SuppressWarnings("try") // close() may be interrupted, as Flink's interface has it
final class CommittedOnceOrRestarted<T> implements Committer<T> {
  private final Committer<T> delegate;

  CommittedOnceOrRestarted(Committer<T> delegate) {
    this.delegate = delegate;
  }

  @Override
  public void commit(Collection<CommitRequest<T>> requests)
      throws IOException, InterruptedException {
    List<CommitRequest<T>> once = new ArrayList<>(requests.size());
    requests.forEach(request -> once.add(new Once<>(request)));
    delegate.commit(once);
  }

  @Override
  public void close() throws Exception {
    delegate.close();
  }

  private record Once<T>(CommitRequest<T> request) implements CommitRequest<T> {
    @Override
    public T getCommittable() {
      return request.getCommittable();
    }

    @Override
    public int getNumberOfRetries() {
      return request.getNumberOfRetries();
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      request.signalFailedWithKnownReason(reason);
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      request.signalFailedWithUnknownReason(reason);
    }

    @Override
    public void retryLater() {
      throw restart();
    }

    @Override
    public void updateAndRetryLater(T committable) {
      throw restart();
    }

    @Override
    public void signalAlreadyCommitted() {
      request.signalAlreadyCommitted();
    }

    private IllegalStateException restart() {
      return new IllegalStateException(
          "Kafka did not take the commit of %s in time; the job restarts and commits it anew"
              .formatted(request.getCommittable()));
    }
  }
}
