package io.gradwatch.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.MatchOperator;
import io.gradwatch.records.Matcher;
import io.gradwatch.records.Silence;
import io.gradwatch.schemas.RecordCodec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RemarksTest {
  static {
    RecordCodec.of(Silence.class); // Avro makes records of classes only that it trusts
    RecordCodec.of(Acknowledgement.class);
  }

  private final Remarks remarks = new Remarks();

  private void silence(String id, String run, long endsAt) {
    remarks.take(
        Silence.newBuilder()
            .setSilenceId(id)
            .setMatchers(List.of(new Matcher("run", MatchOperator.EQUAL, run)))
            .setStartsAt(0)
            .setEndsAt(endsAt)
            .build());
  }

  private void acknowledge(String alarm) {
    remarks.take(Acknowledgement.newBuilder().setAlarmId(alarm).setAuthor("ada").setAt(0).build());
  }

  private long silencedUntil(String run) {
    return remarks.silencedUntil(new Labels("", "", run, "", "", "", Map.of()), 5);
  }

  @Test
  void silencesThatEndedGoBeforeThoseThatHold() {
    silence("old", "a", 1_000_000);
    for (int i = 0; i < 10_001; i++) {
      silence("s" + i, "other", i);
    }
    assertThat(silencedUntil("a")).isEqualTo(1_000_000);
  }

  @Test
  void aSilenceThatIsEndedEarlyTakesNoPlaceOfOthers() {
    silence("s", "a", 1_000_000);
    silence("s", "a", 3);
    assertThat(silencedUntil("a")).isEqualTo(3);
    remarks.forgetSilence("s");
    assertThat(silencedUntil("a")).isZero();
  }

  @Test
  void anAcknowledgementThatIsGivenAgainIsANewOne() {
    acknowledge("first");
    for (int i = 0; i < 99_999; i++) {
      acknowledge("a" + i);
    }
    acknowledge("first");
    acknowledge("one more");
    assertThat(remarks.acknowledgement("first")).isNotNull();
    assertThat(remarks.acknowledgement("a0")).isNull();
  }
}
