package io.gradwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.schemas.RecordFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The enums of the wire and of the core have the same names, so that nothing gets lost between. */
class EnumMappingTest {
  static Stream<Arguments> twins() {
    return Stream.of(
        Arguments.of(io.gradwatch.records.ClipMode.class, RunEvent.ClipMode.class),
        Arguments.of(io.gradwatch.records.NormStage.class, RunEvent.NormStage.class),
        Arguments.of(io.gradwatch.records.RunOutcome.class, RunEvent.Outcome.class),
        Arguments.of(io.gradwatch.records.AlarmKind.class, io.gradwatch.core.alarm.AlarmKind.class),
        Arguments.of(io.gradwatch.records.Severity.class, io.gradwatch.core.alarm.Severity.class),
        Arguments.of(
            io.gradwatch.records.AlarmState.class, io.gradwatch.core.alarm.AlarmState.class),
        Arguments.of(
            io.gradwatch.records.Resolution.class, io.gradwatch.core.alarm.Resolution.class),
        Arguments.of(
            io.gradwatch.records.ActionKind.class, io.gradwatch.core.alarm.ActionKind.class),
        Arguments.of(
            io.gradwatch.records.AdviceReason.class, io.gradwatch.core.clip.AdviceReason.class),
        Arguments.of(io.gradwatch.records.AdviceUse.class, io.gradwatch.core.clip.AdviceUse.class));
  }

  @ParameterizedTest
  @MethodSource("twins")
  void twinsHaveTheSameNamesButForUnknown(
      Class<? extends Enum<?>> ofTheWire, Class<? extends Enum<?>> ofTheCore) {
    List<String> names = names(ofTheWire);
    assertThat(names).containsAll(names(ofTheCore));
    names.removeAll(names(ofTheCore));
    assertThat(names).isSubsetOf("UNKNOWN");
  }

  @Test
  void everyFaultOfTheCodecIsAReason() {
    for (RecordFormatException.Fault fault : RecordFormatException.Fault.values()) {
      UndecodableException verdict =
          UndecodableException.of(new RecordFormatException(fault, "why"));
      assertThat(verdict.reason().name()).isEqualTo(fault.name());
      assertThat(verdict).hasMessage("why");
    }
  }

  @Test
  void refusesEnumsThatAreNoTwins() {
    assertThatThrownBy(() -> EnumMapping.between(RunEvent.ClipMode.class, RunEvent.NormStage.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> names(Class<? extends Enum<?>> type) {
    return new java.util.ArrayList<>(
        Arrays.stream(type.getEnumConstants()).map(Enum::name).toList());
  }
}
