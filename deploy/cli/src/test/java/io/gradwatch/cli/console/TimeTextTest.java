package io.gradwatch.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TimeTextTest {
  @Test
  void stretchesAddUp() {
    TimeText.Stretch stretch = new TimeText.Stretch();

    assertThat(stretch.convert("30min")).isEqualTo(Duration.ofMinutes(30));
    assertThat(stretch.convert("90m")).isEqualTo(Duration.ofMinutes(90));
    assertThat(stretch.convert("1w2d3h4m5s"))
        .isEqualTo(Duration.ofDays(9).plusHours(3).plusMinutes(4).plusSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "h", "2x", "2h x", "0h", "-2h", "2h,3m", "9999999h"})
  void whatIsNoStretchIsRefused(String text) {
    assertThatThrownBy(() -> new TimeText.Stretch().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }
}
