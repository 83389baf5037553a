package io.gradwatch.console.routing.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.console.routing.http.AddressRules.Reach;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "1.1.1.1",
        "52.95.110.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "2001:4860:4860::8888",
        "2400:cb00::1"
      })
  void thePublicNetworkIsForAnybody(String address) throws Exception {
    assertThat(AddressRules.reach(InetAddress.getByName(address))).isEqualTo(Reach.PUBLIC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.168.0.0",
        "192.168.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "::1",
        "fc00::1",
        "fdff:ffff::1",
        "fd00:ec3::254",
        "::ffff:10.0.0.1" // Java makes it the IPv4 address that it is
      })
  void whatLiesInsideHasToBeAllowed(String address) throws Exception {
    assertThat(AddressRules.reach(InetAddress.getByName(address))).isEqualTo(Reach.PRIVATE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // metadata
        "169.254.169.254",
        "169.254.170.2",
        "169.254.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
        "::ffff:169.254.169.254",
        // nobody, everybody
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "ff02::1",
        "ff0e::1",
        "fe80::1",
        "fec0::1",
        // examples and measurements
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "198.18.0.1",
        "198.19.255.255",
        "192.88.99.1",
        "2001:db8::1",
        "3fff::1",
        // IPv4 in the clothes of IPv6
        "::10.0.0.1",
        "::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2600::5efe:127.0.0.1",
        "2600::200:5efe:127.0.0.1",
        "100::1",
        "4000::1"
      })
  void nobodyMayBeReachedElsewhere(String address) throws Exception {
    assertThat(AddressRules.reach(InetAddress.getByName(address))).isEqualTo(Reach.FORBIDDEN);
  }
}
