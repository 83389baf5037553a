package io.gradwatch.console.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  private static final String VIEWER = "viewer-token-0123456789";
  private static final String OPERATOR = "operator-token-0123456789";
  private static final String SECRET = "proxy-secret-0123456789";

  @TempDir private Path folder;
  private final AtomicLong now = new AtomicLong(1_000);

  @Test
  void onLoopbackWhoeverIsHereIsAnOperator() {
    Access access = access(AccessOptions.loopback());
    Principal principal = access.principal(name -> null, null);
    assertThat(principal.role()).isEqualTo(Role.OPERATOR);
    assertThat(principal.authentication()).isEqualTo(Principal.Authentication.LOOPBACK);
    assertThat(principal.toString()).doesNotContain(principal.csrf());
    assertThat(access.mayChange(principal, null)).isFalse();
    assertThat(access.mayChange(principal, "guess")).isFalse();
    assertThat(access.mayChange(principal, principal.csrf())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void elsewhereSomethingMustSayWhoMay(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> access(new AccessOptions(host, Tokens.NONE, null, null)))
        .withMessageContaining(host)
        .withMessageContaining("--tokens");
  }

  @Test
  void aTokenSaysWhoItIs() throws IOException {
    Access access = access(new AccessOptions("127.0.0.1", tokens(), null, null));
    assertThat(access.principal(name -> null, null)).isNull();
    assertThat(access.principal(bearer("nobody's-token-000"), null)).isNull();
    assertThat(access.principal(bearer(""), null)).isNull();
    Principal viewer = access.principal(bearer(VIEWER), null);
    assertThat(viewer.name()).isEqualTo("ada");
    assertThat(viewer.role()).isEqualTo(Role.VIEWER);
    assertThat(access.principal(bearer(OPERATOR), null).role()).isEqualTo(Role.OPERATOR);
    assertThat(access.mayChange(viewer, null)).isTrue();
    assertThat(access.principal(Map.of("Authorization", "bearer  " + OPERATOR)::get, null).name())
        .isEqualTo("bob");
    assertThat(access.principal(Map.of("Authorization", "Basic " + OPERATOR)::get, null)).isNull();
  }

  @Test
  void aSignedInBrowserHasASessionThatEnds() throws IOException {
    Access access = access(new AccessOptions("0.0.0.0", tokens(), null, null));
    assertThat(access.signIn("nobody's-token-000")).isNull();
    String session = access.signIn(OPERATOR);
    String other = access.signIn(OPERATOR);
    assertThat(session).isNotNull().isNotEqualTo(other).doesNotContain(OPERATOR);
    Principal principal = access.principal(name -> null, session);
    assertThat(principal.name()).isEqualTo("bob");
    assertThat(access.mayChange(principal, null)).isFalse();
    assertThat(access.mayChange(principal, access.principal(name -> null, other).csrf())).isFalse();
    assertThat(access.mayChange(principal, principal.csrf())).isTrue();
    access.signOut(session);
    assertThat(access.principal(name -> null, session)).isNull();
    now.addAndGet(Sessions.LENGTH.toMillis() - 1);
    assertThat(access.principal(name -> null, other)).isNotNull();
    now.addAndGet(1);
    assertThat(access.principal(name -> null, other)).isNull();
    assertThat(access.principal(name -> null, "made up")).isNull();
  }

  @Test
  void aProxyIsBelievedOnlyWithItsSecret() {
    TrustedProxy proxy = proxy();
    Access access = access(new AccessOptions("0.0.0.0", Tokens.NONE, proxy, null));
    Map<String, String> headers =
        Map.of("X-User", " eve ", "X-Groups", "dev, sre", TrustedProxy.SECRET_HEADER, SECRET);
    Principal principal = access.principal(headers::get, null);
    assertThat(principal.name()).isEqualTo("eve");
    assertThat(principal.role()).isEqualTo(Role.OPERATOR);
    assertThat(principal.authentication()).isEqualTo(Principal.Authentication.PROXY);
    assertThat(access.mayChange(principal, null)).isFalse();
    assertThat(access.principal(Map.of("X-User", "eve", "X-Groups", "sre")::get, null)).isNull();
    assertThat(
            access.principal(
                Map.of("X-User", "eve", TrustedProxy.SECRET_HEADER, "guess")::get, null))
        .isNull();
    assertThat(access.principal(Map.of(TrustedProxy.SECRET_HEADER, SECRET)::get, null)).isNull();
    assertThat(
            access
                .principal(
                    Map.of(
                            "X-User",
                            "eve",
                            "X-Groups",
                            "not-sre",
                            TrustedProxy.SECRET_HEADER,
                            SECRET)
                        ::get,
                    null)
                .role())
        .isEqualTo(Role.VIEWER);
  }

  @Test
  void secretsAreInNoTextAndNotTooShort() throws IOException {
    assertThat(proxy()).asString().doesNotContain(SECRET);
    AccessOptions options = new AccessOptions("0.0.0.0", tokens(), proxy(), null);
    assertThat(options).asString().doesNotContain(SECRET, OPERATOR, VIEWER);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrustedProxy("u", "g", Set.of(), "too-short"))
        .withMessageNotContaining("too-short");
  }

  @Test
  void aProxysOwnTokenIsPassedOver() throws Exception {
    Map<String, String> headers =
        Map.of(
            "Authorization",
            "Bearer an-id-token",
            "X-User",
            "eve",
            TrustedProxy.SECRET_HEADER,
            SECRET);
    Access behind = access(new AccessOptions("0.0.0.0", Tokens.NONE, proxy(), null));
    assertThat(behind.principal(headers::get, null).name()).isEqualTo("eve");
    Access alone = access(new AccessOptions("0.0.0.0", tokens(), null, null));
    assertThat(alone.principal(headers::get, null)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:9600", "127.0.0.1:80", "[::1]:9600", "[::1]"})
  void thisMachinesNamesAreOurs(String host) {
    assertThat(access(AccessOptions.loopback()).isOwnHost(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:9600",
        "127.0.0.1.evil.example",
        "localhost.evil.example:9600",
        "::1",
        "",
        "127.0.0.2"
      })
  void aNameThatOnlyPointsHereIsNotOurs(String host) {
    assertThat(access(AccessOptions.loopback()).isOwnHost(host)).isFalse();
  }

  @Test
  void theAddressListenedOnAndThePublicOneAreOurs() {
    Access access =
        access(
            new AccessOptions(
                "127.0.0.2", Tokens.NONE, null, URI.create("https://watch.example:8443")));
    assertThat(access.isOwnHost("127.0.0.2:9600")).isTrue();
    assertThat(access.isOwnHost("watch.example:8443")).isTrue();
    assertThat(access.isOwnHost("watch.example")).isFalse();
    assertThat(access.isOwnHost(null)).isFalse();
    assertThat(access.secureCookies()).isTrue();
    assertThat(access.isOwnOrigin("https://watch.example:8443", "127.0.0.2:9600")).isTrue();
    assertThat(access.isOwnOrigin("http://127.0.0.2:9600", "127.0.0.2:9600")).isTrue();
    assertThat(access.isOwnOrigin("http://127.0.0.2:9601", "127.0.0.2:9600")).isFalse();
    assertThat(access.isOwnOrigin("null", "127.0.0.2:9600")).isFalse();
  }

  @Test
  void refusesTokenFilesAndNamesTheLineButNeverTheToken() throws IOException {
    refused("operator bob", "line 1 has 2 words");
    refused("# comment\n\noperator bob short-token", "line 3 has a token of 11 characters");
    refused("admin bob " + OPERATOR, "role is 'admin', must be viewer or operator");
    refused("\n# nothing\n", "has no token");
    Path open = write("operator bob " + OPERATOR);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatIOException()
        .isThrownBy(() -> Tokens.read(open))
        .withMessageContaining("can be read by others");
    assertThatIOException().isThrownBy(() -> Tokens.read(folder.resolve("none")));
  }

  private void refused(String text, String reason) throws IOException {
    Path file = write(text);
    assertThatIOException()
        .isThrownBy(() -> Tokens.read(file))
        .withMessageContaining(reason)
        .withMessageNotContaining(OPERATOR)
        .withMessageNotContaining("short-token");
  }

  private Tokens tokens() throws IOException {
    return Tokens.read(write("# who\nviewer ada " + VIEWER + "\noperator bob " + OPERATOR + "\n"));
  }

  private Path write(String text) throws IOException {
    Path file = folder.resolve("tokens");
    Files.deleteIfExists(file);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static TrustedProxy proxy() {
    return new TrustedProxy("X-User", "X-Groups", Set.of("sre"), SECRET);
  }

  private static Function<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token)::get;
  }

  private Access access(AccessOptions options) {
    return new Access(options, () -> Instant.ofEpochMilli(now.get()));
  }
}
