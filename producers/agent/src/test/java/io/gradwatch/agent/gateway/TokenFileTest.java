package io.gradwatch.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  private static final String OLD = "the-old-token-of-vision";
  private static final String NEW = "the-new-token-of-vision";

  private final AtomicLong nanos = new AtomicLong();

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void write() throws IOException {
    path = folder.resolve("tokens");
    replace("vision " + OLD);
  }

  @Test
  void isReadAgainWhenItHasChanged() throws IOException {
    TokenFile file = new TokenFile(path, nanos::get);
    replace("vision " + NEW);

    assertThat(file.tokens().project(NEW)).as("not looked at for each request").isNull();
    aSecondLater();
    assertThat(file.tokens().project(NEW)).isEqualTo("vision");
    assertThat(file.tokens().project(OLD)).isNull();
    assertThat(file.isValid()).isTrue();
  }

  @Test
  void leavesInForceWhatWasReadWhileItCannotBeReadAgain() throws IOException {
    TokenFile file = new TokenFile(path, nanos::get);
    Files.delete(path);
    aSecondLater();

    assertThat(file.tokens().project(OLD)).isEqualTo("vision");
    assertThat(file.isValid()).isFalse();

    replace("vision");
    aSecondLater();
    assertThat(file.tokens().project(OLD)).isEqualTo("vision");
    assertThat(file.isValid()).isFalse();

    replace("vision " + NEW);
    aSecondLater();
    assertThat(file.tokens().project(OLD)).isNull();
    assertThat(file.isValid()).isTrue();
  }

  @Test
  void isRefusedWhenEverybodyMayReadOrWriteIt() throws IOException {
    for (String permissions : new String[] {"rw-r--r--", "rw-----w-"}) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
      assertThatIOException()
          .isThrownBy(() -> new TokenFile(path, nanos::get))
          .withMessage(
              path + " may be read or written by everybody, must not be; chmod o-rw " + path);
    }
  }

  @Test
  void isRefusedWhenItSaysWhatCannotBe() throws IOException {
    replace("vision");
    assertThatIOException()
        .isThrownBy(() -> new TokenFile(path, nanos::get))
        .withMessage(path + ": line 1: it has 1 words, must be PROJECT TOKEN");

    Files.write(path, new byte[] {(byte) 0xff});
    assertThatIOException()
        .isThrownBy(() -> new TokenFile(path, nanos::get))
        .withMessage(path + " is no UTF-8, must be");

    Files.delete(path);
    assertThatIOException()
        .isThrownBy(() -> new TokenFile(path, nanos::get))
        .withMessage("there is no file " + path);
  }

  /** As careful people do: another file in its place. */
  private void replace(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text + "\n");
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r-----"));
    Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
  }

  private void aSecondLater() {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
  }
}
