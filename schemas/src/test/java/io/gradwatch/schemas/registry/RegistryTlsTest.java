package io.gradwatch.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry over TLS, whose certificate the JDK's keytool makes for this test. */
class RegistryTlsTest {
  private static final String PASSWORD = "throw-away";

  @TempDir private Path folder;
  private Certificate certificate;
  private StubRegistry stub;

  @BeforeEach
  void start() throws Exception {
    Path keys = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=registry",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    certificate = store.getCertificate("registry");
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    stub = new StubRegistry(server);
    stub.register("subject", "\"int\"");
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void isBelievedByItsAuthority() throws Exception {
    Path authorities = folder.resolve("authorities.pem");
    Files.writeString(
        authorities,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    RegistryOptions options = at("127.0.0.1").withCaFile(authorities.toString());
    assertThat(new HttpSchemaRegistry(options).schema(1)).isEqualTo("\"int\"");

    RegistryOptions otherName = at("localhost").withCaFile(authorities.toString());
    assertThatThrownBy(() -> new HttpSchemaRegistry(otherName).schema(1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot be asked");
  }

  @Test
  void isNotBelievedWithoutOne() {
    assertThatThrownBy(() -> new HttpSchemaRegistry(at("127.0.0.1")).schema(1))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot be asked");
    assertThat(stub.asked()).isEmpty();
  }

  @Test
  void needsAFileWithCertificates() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path garbage = Files.writeString(folder.resolve("garbage.pem"), "garbage");
    for (Path file : new Path[] {empty, garbage, folder.resolve("none.pem")}) {
      RegistryOptions options = at("127.0.0.1").withCaFile(file.toString());
      assertThatThrownBy(() -> new HttpSchemaRegistry(options))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(file.toString());
    }
  }

  private RegistryOptions at(String host) {
    return RegistryOptions.of("https://" + host + ":" + stub.port(), false);
  }
}
