package io.gradwatch.wire.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.records.Policy;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException.Fault;
import io.gradwatch.wire.policy.RefusedPolicyException.Reason;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDecoderTest {
  private static final RecordCodec<Policy> CODEC = RecordCodec.of(Policy.class);
  private static final PolicyDocument DOCUMENT =
      new PolicyDocument(
          PolicyScope.PROJECT,
          "vision",
          1_000,
          Settings.NONE.with(AlarmKind.DIVERGENCE, "jump_spreads", 8));
  private static final byte[] VALUE = CODEC.encode(PolicyMapper.toRecord(DOCUMENT));

  private final PolicyDecoder decoder = new PolicyDecoder();

  @Test
  void aPolicyHoldsFromTheTimeItSays() throws Exception {
    assertThat(decoder.decode(bytes("project/vision"), VALUE, 7)).isEqualTo(DOCUMENT);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, -1})
  void aRecordWithoutAValueEndsThePolicyAtItsTimestamp(long timestamp) throws Exception {
    assertThat(decoder.decode(bytes("run/vision/a/b"), null, timestamp))
        .isEqualTo(
            new PolicyDocument(
                PolicyScope.RUN, "vision/a/b", Math.max(0, timestamp), Settings.NONE));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "project/speech", "PROJECT/vision", "run/vision/r", "fleet/default"})
  void aKeyThatIsNotThePolicysIsRefused(@Nullable String key) {
    RefusedPolicyException refused = refused(key == null ? null : bytes(key), VALUE);

    assertThat(refused.reason()).isEqualTo(Reason.WRONG_KEY);
    assertThat(refused).hasMessageEndingWith("it must be 'project/vision'");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "fleet", "project/Vision", "run/Vision/r", "team/a"})
  void nothingCanBeRemovedThatIsNoPolicy(@Nullable String key) {
    assertThat(refused(key == null ? null : bytes(key), null).reason()).isEqualTo(Reason.WRONG_KEY);
  }

  @Test
  void settingsThatAreWrongAreRefusedWithAllThatIsWrong() {
    Policy record = PolicyMapper.toRecord(DOCUMENT);
    record.setClip(Map.of("raise", Double.NaN, "raisin", 1.0));
    record.setEffectiveAt(-1);

    RefusedPolicyException refused = refused(bytes("project/vision"), CODEC.encode(record));

    assertThat(refused.reason()).isEqualTo(Reason.INVALID_POLICY);
    assertThat(refused)
        .hasMessageContaining("clip.raise is NaN, it must be above 0")
        .hasMessageContaining("clip.raisin is no setting; did you mean raise?")
        .hasMessageContaining("effective_at is -1, it must be ");
  }

  @Test
  void bytesThatAreNoPolicyAreRefused() {
    byte[] key = bytes("project/vision");
    byte[] event =
        RecordCodec.of(TrainingEvent.class)
            .encode(TrainingEvent.newBuilder().setRunId("r").build());

    assertThat(refused(key, new byte[0]).reason()).isEqualTo(Reason.EMPTY);
    assertThat(refused(key, new byte[600_000]).reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(refused(key, bytes("yaml: 1")).reason()).isEqualTo(Reason.UNKNOWN_FRAMING);
    assertThat(refused(key, event).reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
    assertThat(refused(key, Arrays.copyOf(VALUE, VALUE.length - 1)).reason())
        .isEqualTo(Reason.TRUNCATED);
    assertThat(refused(key, Arrays.copyOf(VALUE, VALUE.length + 1)).reason())
        .isEqualTo(Reason.TRAILING_BYTES);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyFaultOfTheCodecIsAReason(Fault fault) {
    assertThat(Reason.values()).extracting(Reason::name).contains(fault.name());
  }

  private RefusedPolicyException refused(byte @Nullable [] key, byte @Nullable [] value) {
    return catchThrowableOfType(RefusedPolicyException.class, () -> decoder.decode(key, value, 0));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
