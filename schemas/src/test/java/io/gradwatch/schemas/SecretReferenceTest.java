package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReferenceTest {
  private static final String CANARY = "canary-31d0";

  @TempDir private Path folder;

  @Test
  void namesAVariable() throws IOException {
    assertThat(SecretReference.resolve("${env:TOKEN}", Map.of("TOKEN", CANARY))).isEqualTo(CANARY);
    assertThatThrownBy(() -> SecretReference.resolve("${env:TOKEN}", Map.of("TOKEN", "")))
        .isInstanceOf(IOException.class)
        .hasMessage("${env:TOKEN} is not set");
  }

  @Test
  void namesALineOfAPropertiesFileAsItIsNow() throws IOException {
    Path file = folder.resolve("registry.properties");
    String reference = "${file:" + file + ":password}";
    assertThatThrownBy(() -> SecretReference.resolve(reference, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage(reference + " cannot be read: NoSuchFileException");
    Files.writeString(file, "user = job\npassword = one\n");
    assertThat(SecretReference.resolve(reference, Map.of())).isEqualTo("one");
    Files.writeString(file, "password = two\n");
    assertThat(SecretReference.resolve(reference, Map.of())).isEqualTo("two");
    Files.writeString(file, "other = " + CANARY + "\n");
    assertThatThrownBy(() -> SecretReference.resolve(reference, Map.of()))
        .hasMessage(reference + " names no line of its file");
    Files.writeString(file, "password = " + CANARY + "\\u00zz\n");
    assertThatThrownBy(() -> SecretReference.resolve(reference, Map.of()))
        .isInstanceOf(IOException.class)
        .hasNoCause()
        .hasMessageNotContaining(CANARY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", CANARY, "${env:}", "x${env:A}", "${env:A}x", "${vault:a:b}", "${file:/p}"})
  void isWholeOrNone(String text) {
    assertThat(SecretReference.isOne(text)).isFalse();
    assertThatThrownBy(() -> SecretReference.resolve(text, Map.of("A", "secret")))
        .isInstanceOf(IOException.class)
        .hasMessage("a secret is no reference, must be ${file:/PATH:NAME} or ${env:NAME}");
  }

  @Test
  void mayNameAPathWithColons() {
    assertThat(SecretReference.isOne("${file:/run/a:b/c.properties:name}")).isTrue();
    assertThat(SecretReference.isOne("${env:NAME}")).isTrue();
  }
}
