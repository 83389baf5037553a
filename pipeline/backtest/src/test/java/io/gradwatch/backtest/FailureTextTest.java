package io.gradwatch.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailureTextTest {

  @Test
  void saysInWordsWhatTheJdkSaysByAName() {
    assertThat(FailureText.of("a.csv", new NoSuchFileException("a.csv")))
        .isEqualTo("there is no such file or folder");
    assertThat(FailureText.of("a.csv", new AccessDeniedException("a.csv")))
        .isEqualTo("access is denied");
  }

  @Test
  void keepsAReasonAndDoesNotRepeatTheFile() {
    assertThat(FailureText.of("a.csv", new FileSystemException("a.csv", null, "Is a directory")))
        .isEqualTo("Is a directory");
    assertThat(FailureText.of("a.csv", new IOException("a.csv: line 3: no number")))
        .isEqualTo("line 3: no number");
    assertThat(FailureText.of("a.csv", new IOException("disk full"))).isEqualTo("disk full");
  }

  @Test
  void namesTheFailureThatSaysNothing() {
    assertThat(FailureText.of("a.csv", new IOException())).isEqualTo("IOException");
  }
}
