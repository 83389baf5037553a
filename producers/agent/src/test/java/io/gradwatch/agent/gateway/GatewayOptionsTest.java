package io.gradwatch.agent.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class GatewayOptionsTest {
  private static final String PASSWORD = "throw-away";

  @TempDir Path folder;

  @Test
  void askForTokensAndTlsWhereOtherMachinesCanCome() {
    Path tokens = folder.resolve("tokens");
    Path store = folder.resolve("store");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options("0.0.0.0", null, null, null, true))
        .withMessage(
            "0.0.0.0 can be reached by other machines, there must be tokens; or bind to 127.0.0.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options("0.0.0.0", tokens, null, null, false))
        .withMessageStartingWith("0.0.0.0 can be reached by other machines, there must be TLS");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options("127.0.0.1", null, store, null, false))
        .withMessageContaining("one is missing");
    assertThat(options("0.0.0.0", tokens, store, tokens, false)).isNotNull();
    assertThat(options("0.0.0.0", tokens, null, null, true)).isNotNull();
    assertThat(options("::1", null, null, null, false)).isNotNull();
    assertThat(options("127.0.0.9", null, null, null, false)).isNotNull();
  }

  @Test
  void mayNameAKeyForTls() throws Exception {
    Path store = keyStore();
    Path password = secret("password", PASSWORD);
    GatewayOptions options = options("127.0.0.1", null, store, password, false);

    try (Gateway gateway = Gateway.start(options, project -> new KeptEvents(9))) {
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(store)).build();
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("https://127.0.0.1:" + gateway.address().getPort() + "/healthz"))
              .timeout(Duration.ofMinutes(3))
              .build();

      assertThat(client.send(request, BodyHandlers.ofString()).body())
          .isEqualTo("{\"alive\":true}");
    }
  }

  @Test
  void areRefusedWithAKeyThatCannotBeUsed() throws Exception {
    Path store = keyStore();
    Path wrong = secret("wrong", "another");
    Path empty = secret("empty", "");

    assertThatIOException().isThrownBy(() -> start(store, wrong)).withMessageContaining("password");
    assertThatIOException().isThrownBy(() -> start(store, empty)).withMessageContaining("is empty");
    Files.setPosixFilePermissions(wrong, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatIOException()
        .isThrownBy(() -> start(store, wrong))
        .withMessageContaining("may be read or written by everybody");
  }

  @Test
  void areRefusedWithAnAddressThatIsTaken() throws Exception {
    GatewayOptions free = options("127.0.0.1", null, null, null, false);
    try (Gateway first = Gateway.start(free, project -> new KeptEvents(9))) {
      GatewayOptions taken =
          new GatewayOptions(
              first.address(), null, "p", null, null, false, GatewayLimits.standard());
      assertThatIOException()
          .isThrownBy(() -> Gateway.start(taken, project -> new KeptEvents(9)))
          .withMessageStartingWith("cannot listen at /127.0.0.1:" + first.address().getPort());
    }
  }

  private static Gateway start(Path store, Path password) throws IOException {
    return Gateway.start(
        options("127.0.0.1", null, store, password, false), project -> new KeptEvents(9));
  }

  private static GatewayOptions options(
      String address, Path tokens, Path store, Path password, boolean plaintext) {
    return new GatewayOptions(
        new InetSocketAddress(address, 0),
        tokens,
        "p",
        store,
        password,
        plaintext,
        GatewayLimits.standard());
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Path keyStore() throws Exception {
    Path file = folder.resolve("store.p12");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "gateway",
                "-keyalg",
                "EC",
                "-dname",
                "CN=gateway",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return file;
  }

  private static SSLContext trusting(Path file) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("gateway", keys.getCertificate("gateway"));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
