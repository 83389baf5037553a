package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunRemovalTest {
  @Test
  void isARecordWithoutValueThatSaysSo() {
    assertThat(RunRemoval.isRemoval(null, List.of("trace", RunRemoval.HEADER))).isTrue();
  }

  @Test
  void isNoRecordThatOnlyLacksItsValue() {
    assertThat(RunRemoval.isRemoval(null, List.of())).isFalse();
    assertThat(RunRemoval.isRemoval(null, List.of("gradwatch.remove"))).isFalse();
  }

  @Test
  void isNoRecordThatHasAValue() {
    assertThat(RunRemoval.isRemoval(new byte[0], List.of(RunRemoval.HEADER))).isFalse();
  }
}
