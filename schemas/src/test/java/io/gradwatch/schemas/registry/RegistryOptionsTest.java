package io.gradwatch.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryOptionsTest {
  private static final String CANARY = "canary-90aa";

  @Test
  void takesSeveralUrlsWithoutTheSlashesAtTheirEnds() {
    assertThat(RegistryOptions.of("https://one:8081/, https://two/apis/ccompat/v7//", false).urls())
        .containsExactly(URI.create("https://one:8081"), URI.create("https://two/apis/ccompat/v7"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8081",
        "http://127.0.0.1",
        "HTTP://127.9.9.9:1",
        "http://[::1]:1"
      })
  void takesHttpOnThisMachine(String url) {
    assertThat(RegistryOptions.of(url, false).urls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://registry:8081",
        "http://localhost.example:8081",
        "http://127.0.0.1.example",
        "https://registry,http://registry"
      })
  void takesHttpToOtherMachinesOnlyWhenToldTo(String url) {
    assertThatThrownBy(() -> RegistryOptions.of(url, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be https for one that is not on this machine");
    assertThat(RegistryOptions.of(url, true).urls()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry:8081",
        "ftp://registry",
        "https://",
        "https://a?b",
        "https://a#b",
        "a b"
      })
  void refusesWhatIsNoBase(String url) {
    assertThatThrownBy(() -> RegistryOptions.of(url, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the registry's URL is '" + url + "'");
  }

  @Test
  void refusesNoUrlAndTimesThatAreNone() {
    assertThatThrownBy(() -> RegistryOptions.of(" , ", true))
        .hasMessage("no URL of the registry is given, must be at least one");
    RegistryOptions options = RegistryOptions.of("https://a", false);
    Duration some = Duration.ofNanos(1);
    assertThat(options.withTimeouts(some, some).timeout()).isEqualTo(some);
    assertThatThrownBy(() -> options.withTimeouts(Duration.ZERO, some))
        .hasMessageContaining("PT0S, must be above 0");
    assertThatThrownBy(() -> options.withTimeouts(some, Duration.ofNanos(-1)))
        .hasMessageContaining("must be above 0");
  }

  @Test
  void takesSecretsByReferenceOnlyAndRepeatsNone() {
    assertThatThrownBy(() -> RegistryOptions.of("https://job:" + CANARY + "@registry", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds a login")
        .hasMessageNotContaining(CANARY);
    assertThatThrownBy(() -> RegistryLogin.of("job:" + CANARY, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("${file:/PATH:NAME} or ${env:NAME}")
        .hasMessageNotContaining(CANARY);
    assertThatThrownBy(() -> RegistryLogin.of("", CANARY)).hasMessageNotContaining(CANARY);
    assertThatThrownBy(() -> RegistryLogin.of(CANARY, "")).hasMessageNotContaining(CANARY);
    assertThatThrownBy(() -> RegistryLogin.of("job:${env:A}", "${env:B}"))
        .hasMessage(
            "the registry has both a basic login and a bearer token, must have at most one");
    assertThat(RegistryLogin.of("", "")).isEqualTo(RegistryLogin.NONE);
    assertThat(RegistryLogin.of("job:${file:/a:b}", ""))
        .isEqualTo(new RegistryLogin("job", "${file:/a:b}"));
  }
}
