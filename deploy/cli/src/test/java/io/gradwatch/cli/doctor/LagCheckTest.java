package io.gradwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.cli.doctor.Finding.Severity;
import io.gradwatch.cli.doctor.LagCheck.Progress;
import io.gradwatch.cli.doctor.LagCheck.Time;
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
  void notCallEventsOfUnknownAgeWell() {
    Progress unknown = new Progress(1, 0, 5_000_000, 0L, null);
    Finding none = check.judge("vision", List.of(READ, unknown), NOW);
    Finding some =
        check.judge("vision", List.of(new Progress(0, 0, 5, 4L, brokers(7_000)), unknown), NOW);

    assertThat(none.severity()).isEqualTo(Severity.NOTE);
    assertThat(none.found()).startsWith("5,000,000 events unread, of unknown age");
    assertThat(some.severity()).isEqualTo(Severity.NOTE);
    assertThat(some.found())
        .isEqualTo("5,000,001 events unread, the oldest that was got in time 7 s old");
  }

  @Test
  void notTakeAFewOldTimesOfTrainersForAJobThatIsLate() {
    assertThat(unreadByTrainersClock(100).severity()).isEqualTo(Severity.NOTE);
    assertThat(unreadByTrainersClock(101).severity()).isEqualTo(Severity.PROBLEM);
    assertThat(unreadByTrainersClock(101).found())
        .isEqualTo("101 events unread, the oldest 3600 s old by its trainer's clock (CreateTime)");
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
    Finding finding =
        check.judge("vision", List.of(READ, new Progress(1, 4, 9, 3L, new Time(NOW, true))), NOW);

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
    return check.judge("vision", List.of(READ, new Progress(1, 0, 5, 2L, brokers(ageMillis))), NOW);
  }

  private Finding unreadByTrainersClock(long events) {
    Time anHourAgo = new Time(NOW - 3_600_000, false);
    return check.judge("vision", List.of(new Progress(0, 0, events, 0L, anHourAgo)), NOW);
  }

  private static Time brokers(long ageMillis) {
    return new Time(NOW - ageMillis, true);
  }

  private Finding neverCommitted(long ageMillis) {
    return check.judge("vision", List.of(new Progress(0, 1, 5, null, brokers(ageMillis))), NOW);
  }
}
