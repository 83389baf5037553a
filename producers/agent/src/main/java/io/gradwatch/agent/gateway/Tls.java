package io.gradwatch.agent.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The key and certificate with which the gateway shows who it is. */
final class Tls {
  private Tls() {}

  /**
   * Reads them.
   *
   * @throws IOException when they cannot be read
   */
  static SSLContext of(Path keyStore, Path passwordFile) throws IOException {
    List<String> lines = SecretFile.lines(passwordFile);
    if (lines.isEmpty()) {
      throw new IOException(passwordFile + " is empty, its first line must be the password");
    }
    char[] password = lines.get(0).toCharArray();
    try (InputStream in = Files.newInputStream(keyStore)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot use the key store " + keyStore + ": " + e.getMessage(), e);
    }
  }
}
