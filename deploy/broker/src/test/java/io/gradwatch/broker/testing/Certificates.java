package io.gradwatch.broker.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An authority with its certificates, made by the JDK's keytool when a test asks for them and
 * thrown away with the folder.
 */
final class Certificates {
  /** Guards keys that live as long as a test. */
  static final String PASSWORD = "throw-away";

  private static final String AUTHORITY = "authority";
  private static final char[] PASSWORD_CHARS = PASSWORD.toCharArray();

  private final Path folder;
  private final Path all;

  /** A new authority that keeps its keys in a folder. */
  Certificates(Path folder) {
    this.folder = folder;
    this.all = folder.resolve("all.p12");
    keytool(AUTHORITY, List.of("-dname", "CN=" + AUTHORITY, "-ext", "bc:c"));
  }

  /** Settings of a client or server that believes the authority. */
  Map<String, String> trust() {
    Path file = folder.resolve("trust.p12");
    if (!Files.exists(file)) {
      write(file, store -> store.setCertificateEntry(AUTHORITY, open().getCertificate(AUTHORITY)));
    }
    return Map.of(
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        file.toString(),
        "ssl.truststore.password",
        PASSWORD);
  }

  /** The same of one that shows a certificate of its own: that of a name, made when first asked. */
  Map<String, String> identity(String name) {
    Path file = folder.resolve(name + ".p12");
    if (!Files.exists(file)) {
      keytool(
          name,
          List.of(
              "-dname",
              "CN=" + name,
              "-ext",
              "san=dns:localhost,ip:127.0.0.1",
              "-signer",
              AUTHORITY));
      write(
          file,
          store -> {
            KeyStore keys = open();
            store.setKeyEntry(
                name,
                keys.getKey(name, PASSWORD_CHARS),
                PASSWORD_CHARS,
                keys.getCertificateChain(name));
          });
    }
    return Map.of(
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.location",
        file.toString(),
        "ssl.keystore.password",
        PASSWORD,
        "ssl.key.password",
        PASSWORD);
  }

  private interface Fill {
    void into(KeyStore store) throws GeneralSecurityException, IOException;
  }

  private static void write(Path file, Fill fill) {
    try (OutputStream out = Files.newOutputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, PASSWORD_CHARS);
      fill.into(store);
      store.store(out, PASSWORD_CHARS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot write " + file, e);
    }
  }

  private KeyStore open() throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(all)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD_CHARS);
      return store;
    }
  }

  private void keytool(String alias, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-validity", "2"));
    command.addAll(List.of("-keystore", all.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    command.addAll(options);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool made no certificate of " + alias + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
