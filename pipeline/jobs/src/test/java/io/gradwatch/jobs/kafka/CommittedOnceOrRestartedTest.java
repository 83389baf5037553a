package io.gradwatch.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.junit.jupiter.api.Test;

class CommittedOnceOrRestartedTest {
  private final List<String> said = new ArrayList<>();

  @Test
  void failsWhereACommitIsToBeTriedAgain() {
    assertThatThrownBy(() -> commit(CommitRequest::retryLater))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Kafka did not take the commit of transaction in time; the job restarts and commits it"
                + " anew");
    assertThatThrownBy(() -> commit(request -> request.updateAndRetryLater("other")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(said).isEmpty();
  }

  @Test
  void handsOnWhateverElseIsSaidOfACommit() throws Exception {
    Throwable reason = new AssertionError("reason");
    commit(request -> said.add(request.getCommittable() + request.getNumberOfRetries()));
    commit(CommitRequest::signalAlreadyCommitted);
    commit(request -> request.signalFailedWithKnownReason(reason));
    commit(request -> request.signalFailedWithUnknownReason(reason));
    assertThat(said).containsExactly("transaction7", "already", "known", "unknown");
  }

  private void commit(Consumer<CommitRequest<String>> connector) throws Exception {
    try (Committer<String> committer =
        new CommittedOnceOrRestarted<>(
            new Committer<>() {
              @Override
              public void commit(Collection<CommitRequest<String>> requests) {
                requests.forEach(connector);
              }

              @Override
              public void close() {}
            })) {
      committer.commit(List.of(new Recorded()));
    }
  }

  private final class Recorded implements CommitRequest<String> {
    @Override
    public String getCommittable() {
      return "transaction";
    }

    @Override
    public int getNumberOfRetries() {
      return 7;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      said.add("known");
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      said.add("unknown");
    }

    @Override
    public void retryLater() {
      said.add("again");
    }

    @Override
    public void updateAndRetryLater(String committable) {
      said.add("again");
    }

    @Override
    public void signalAlreadyCommitted() {
      said.add("already");
    }
  }
}
