package io.gradwatch.console.routing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://a.example/",
        "file:///etc/passwd",
        "gopher://a.example/",
        "jar:https://a.example!/",
        "//a.example/",
        "a.example",
        "",
        "https://",
        "https:///path",
        "https://user@a.example/",
        "https://user:pw@a.example/",
        "https://a.example/#x",
        "https://a.example:0/",
        "https://a.example:65536/",
        "https://a b/",
        "https://metadata.google.internal/",
        "https://METADATA.google.internal./",
        "https://metadata/",
        "https://instance-data/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://127.0.0.01/",
        "https://1.2.3.4.5/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::ffff:a00:1]/",
        "https://[0:0:0:0:0:ffff:a00:1]/",
        "https://[::10.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://exa_mple/"
      })
  void whatIsNoPlaceForATargetIsRefusedByItsSpelling(String url) {
    assertThatThrownBy(() -> TargetAddress.of(url, true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutTlsOnlyInside() throws Exception {
    assertThatThrownBy(() -> TargetAddress.of("http://alertmanager:9093", false))
        .hasMessageContaining("allow-private: true");
    TargetAddress inside = TargetAddress.of("http://alertmanager:9093", true);
    assertThat(inside.resolve(answering("10.0.0.7"))).hasSize(1);
    assertThatThrownBy(() -> inside.resolve(answering("8.8.8.8")))
        .hasMessageContaining("must be https");
  }

  @Test
  void everyAddressOfANameHasToBeAllowed() {
    TargetAddress address = TargetAddress.of("https://hooks.example/T0/B0", false);
    assertThatThrownBy(() -> address.resolve(answering("8.8.8.8", "10.0.0.1")))
        .isInstanceOf(RefusedAddressException.class)
        .hasMessageContaining("10.0.0.1")
        .hasMessageNotContaining("T0");
  }

  @Test
  void metadataIsRefusedWhateverIsAllowed() {
    TargetAddress address = TargetAddress.of("http://inside.example/", true);
    for (String metadata : List.of("169.254.169.254", "fd00:ec2::254", "100.100.100.200")) {
      assertThatThrownBy(() -> address.resolve(answering(metadata)))
          .isInstanceOf(RefusedAddressException.class);
    }
  }

  @Test
  void aNameThatLeadsElsewhereLaterIsCheckedEachTimeAndUsedAsItWasChecked() throws Exception {
    Deque<String> answers = new ArrayDeque<>(List.of("8.8.8.8", "127.0.0.1"));
    HostResolver rebinding =
        host -> new InetAddress[] {InetAddress.getByName(answers.removeFirst())};
    TargetAddress address = TargetAddress.of("https://rebinding.example/", false);
    assertThat(address.resolve(rebinding))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("8.8.8.8");
    assertThatThrownBy(() -> address.resolve(rebinding))
        .isInstanceOf(RefusedAddressException.class);
  }

  @Test
  void aMessageNamesNoPathAndAUrlThatIsNoneIsNotRepeated() {
    assertThat(TargetAddress.of("https://hooks.example/T0/B0/secret", false))
        .hasToString("hooks.example");
    assertThat(TargetAddress.of("https://[2606:4700::1]:8443/secret", false))
        .hasToString("[2606:4700::1]:8443");
    assertThatThrownBy(() -> TargetAddress.of("https://hooks.example/se cret", false))
        .hasMessageNotContaining("cret");
  }

  private static HostResolver answering(String... addresses) {
    return host ->
        Stream.of(addresses)
            .map(
                address -> {
                  try {
                    return InetAddress.getByName(address);
                  } catch (java.net.UnknownHostException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .toArray(InetAddress[]::new);
  }
}
