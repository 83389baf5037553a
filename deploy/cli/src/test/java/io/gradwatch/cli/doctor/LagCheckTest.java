package io.gradwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.doctor.Finding.Severity;
import io.gradwatch.cli.doctor.LagCheck.Progress;
import io.gradwatch.cli.kafka.Excerpt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LagCheckTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final Progress READ = new Progress(0, 0, 5, 5L, null);

  private final LagCheck check =
      new LagCheck(Sites.plain(), new Excerpt(Map.of(), Duration.ofSeconds(1)));

  @Test
  void findNothingWhereAllIsRead() {
    Finding finding = check.judge("vision", List.of(READ), NOW);

    assertThat(finding.severity()).isEqualTo(Severity.OK);
    assertThat(finding.found()).isEqualTo("all events are read");
  }

  @Test
  void giveTheJobSixCheckpointsToReadAnEvent() {
    assertThat(unread(60_000).severity()).isEqualTo(Severity.OK);
    assertThat(unread(60_001).severity()).isEqualTo(Severity.PROBLEM);
    assertThat(unread(60_001).found()).isEqualTo("3 events unread, the oldest 60 s old");
  }

  @Test
  void countFromTheBeginningWhereNothingWasCommitted() {
    Finding early = neverCommitted(1_000);
    Finding late = neverCommitted(3_600_000);

    assertThat(early.severity()).isEqualTo(Severity.NOTE);
    assertThat(late.severity()).isEqualTo(Severity.PROBLEM);
    assertThat(late.found()).isEqualTo("4 events, and no job has committed any");
    assertThat(check.judge("vision", List.of(new Progress(0, 5, 5, null, null)), NOW).severity())
        .isEqualTo(Severity.NOTE);
  }

  @Test
  void tellOfEventsThatWereDeletedUnread() {
    Finding finding = check.judge("vision", List.of(READ, new Progress(1, 4, 9, 3L, NOW)), NOW);

    assertThat(finding.severity()).isEqualTo(Severity.PROBLEM);
    assertThat(finding.found()).startsWith("in partitions [1] events were deleted before");
  }

  @Test
  void tellOfATopicThatWasMadeAnew() {
    Finding finding = check.judge("vision", List.of(new Progress(0, 0, 2, 9L, null)), NOW);

    assertThat(finding.severity()).isEqualTo(Severity.PROBLEM);
    assertThat(finding.found()).contains("the topic was made anew");
  }

  private Finding unread(long ageMillis) {
    return check.judge("vision", List.of(READ, new Progress(1, 0, 5, 2L, NOW - ageMillis)), NOW);
  }

  private Finding neverCommitted(long ageMillis) {
    return check.judge("vision", List.of(new Progress(0, 1, 5, null, NOW - ageMillis)), NOW);
  }
}
