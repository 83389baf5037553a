package io.gradwatch.console.routing.http;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses a target may have. Ranges by the registries of special-purpose addresses (IANA,
 * RFC 6890) and the metadata services of the large clouds.
 */
final class AddressRules {
  /** Who may be reached there. */
  enum Reach {
    /** Anybody: an address of the public network. */
    PUBLIC,
    /** Those inside: a target says {@code allow-private} for it. */
    PRIVATE,
    /** Nobody, whatever a target says. */
    FORBIDDEN
  }

  private record Range(BigInteger first, int bits, int length) {
    static Range of(String text) {
      int slash = text.indexOf('/');
      byte[] address = literal(text.substring(0, slash)).getAddress();
      return new Range(
          new BigInteger(1, address), Integer.parseInt(text.substring(slash + 1)), address.length);
    }

    boolean holds(byte[] address) {
      int rest = 8 * length - bits;
      return address.length == length
          && new BigInteger(1, address).shiftRight(rest).equals(first.shiftRight(rest));
    }
  }

  /** Before all others: metadata services lie in ranges that are private otherwise. */
  private static final List<Range> METADATA =
      ranges(
          "169.254.0.0/16", // AWS, Google, Azure, OpenStack, Oracle
          "100.100.100.200/32", // Alibaba
          "168.63.129.16/32", // Azure's host
          "192.0.0.192/32", // Oracle, older
          "fd00:ec2::/32", // AWS
          "fd20:ce::/32"); // Google

  private static final List<Range> PRIVATE =
      ranges(
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "127.0.0.0/8",
          "100.64.0.0/10",
          "::1/128",
          "fc00::/7");

  /** Nowhere, nobody in particular, examples, measurements, and IPv4 in the clothes of IPv6. */
  private static final List<Range> SPECIAL =
      ranges(
          "0.0.0.0/8",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "2001::/23", // Teredo and other tunnels
          "2001:db8::/32",
          "2002::/16", // 6to4
          "3fff::/20");

  /** All that IPv6 gives to the public so far; NAT64's 64:ff9b:: is outside. */
  private static final Range PUBLIC_IPV6 = Range.of("2000::/3");

  private AddressRules() {}

  /** Who may be reached at an address. */
  static Reach reach(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (isIn(METADATA, bytes)) {
      return Reach.FORBIDDEN;
    }
    if (isIn(PRIVATE, bytes)) {
      return Reach.PRIVATE;
    }
    boolean outside = !(address instanceof Inet4Address) && !PUBLIC_IPV6.holds(bytes);
    return outside || isIn(SPECIAL, bytes) || hidesIpv4(bytes) ? Reach.FORBIDDEN : Reach.PUBLIC;
  }

  /** ISATAP: an interface identifier that holds an IPv4 address (RFC 5214). */
  private static boolean hidesIpv4(byte[] bytes) {
    return bytes.length == 16
        && (bytes[8] & 0xFD) == 0
        && bytes[9] == 0
        && bytes[10] == 0x5E
        && (bytes[11] & 0xFF) == 0xFE;
  }

  private static boolean isIn(List<Range> ranges, byte[] address) {
    return ranges.stream().anyMatch(range -> range.holds(address));
  }

  private static List<Range> ranges(String... texts) {
    return Stream.of(texts).map(Range::of).toList();
  }

  private static InetAddress literal(String text) {
    try {
      return InetAddress.getByName(text); // a literal: nobody is asked
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text + " is no address", e);
    }
  }
}
