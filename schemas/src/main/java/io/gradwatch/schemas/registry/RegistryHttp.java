package io.gradwatch.schemas.registry;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks a registry, each of its URLs in turn, and all of them a few times. Follows no redirect: it
 * would lead a login, and the trust in what is answered, elsewhere. Safe for use by several
 * threads.
 */
final class RegistryHttp {
  /**
   * Most bytes of an answer that are read: four times what a schema may have, as the text of one is
   * a string within JSON.
   */
  static final int MOST_BYTES = 1024 * 1024;

  /** Pauses before the second and the third round. Whoever asks has a longer breath. */
  private static final List<Long> PAUSES_MILLIS = List.of(100L, 500L);

  private static final String TYPE = "application/vnd.schemaregistry.v1+json";

  private final RegistryOptions options;
  private final HttpClient client;

  /**
   * @throws IOException when the file with the authorities cannot be read
   */
  RegistryHttp(RegistryOptions options) throws IOException {
    this.options = options;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(options.connectTimeout());
    this.client =
        options.caFile().isEmpty()
            ? builder.build()
            : builder.sslContext(trusting(options.caFile())).build();
  }

  RegistryAnswer get(String path) throws IOException {
    return ask(path, null, RegistryAnswer::isVerdict);
  }

  /** The same for what is answered with a list; one that is empty is no answer. */
  RegistryAnswer getFilledList(String path) throws IOException {
    return ask(path, null, RegistryAnswer::isFilledList);
  }

  RegistryAnswer post(String path, String json) throws IOException {
    return ask(path, json, RegistryAnswer::isVerdict);
  }

  /**
   * The first answer that is one.
   *
   * @throws RegistryDenialException when each URL denies what is asked
   * @throws IOException when no URL gave any; the message names each with why
   */
  private RegistryAnswer ask(String path, @Nullable String json, Predicate<RegistryAnswer> isAnswer)
      throws IOException {
    for (int round = 0; ; round++) {
      Set<String> failures = new LinkedHashSet<>();
      boolean again = false;
      boolean denied = true;
      for (URI url : options.urls()) {
        try {
          RegistryAnswer answer = askOne(url, path, json);
          if (isAnswer.test(answer)) {
            return answer;
          }
          again |= answer.isWorthAnotherTry();
          denied &= answer.isDenial();
          failures.add(url + " " + trouble(answer));
        } catch (InterruptedIOException e) {
          throw e;
        } catch (IOException e) {
          again = true;
          denied = false;
          failures.add(url + " cannot be asked: " + said(e));
        }
      }
      if (!again || round == PAUSES_MILLIS.size()) {
        String message =
            "the registry says nothing to %s %s: %s"
                .formatted(json == null ? "GET" : "POST", path, String.join("; ", failures));
        throw denied ? new RegistryDenialException(message) : new IOException(message);
      }
      pause(PAUSES_MILLIS.get(round));
    }
  }

  private RegistryAnswer askOne(URI base, String path, @Nullable String json) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Accept", TYPE + ", application/json")
            .header("Content-Type", TYPE);
    String authorization = options.login().authorization();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (json != null) {
      request.POST(BodyPublishers.ofString(json));
    }
    // The client's own timeout ends with the headers; an answer may come byte by byte after them.
    CompletableFuture<HttpResponse<BoundedBody.Taken>> answer =
        client.sendAsync(request.build(), headers -> new BoundedBody(MOST_BYTES));
    try {
      HttpResponse<BoundedBody.Taken> response =
          answer.get(options.timeout().toNanos(), TimeUnit.NANOSECONDS);
      BoundedBody.Taken body = response.body();
      return RegistryAnswer.of(
          response.statusCode(), new String(body.bytes(), StandardCharsets.UTF_8), body.cut());
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + options.timeout().toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      answer.cancel(true);
    }
  }

  private static String trouble(RegistryAnswer answer) {
    String said = answer.message().isEmpty() ? "" : " (" + answer.message() + ")";
    String why =
        answer.isOk()
            ? " with what is no JSON object"
            : switch (answer.status()) {
              case 401, 403 -> "; its login is missing or may not do this";
              case 404 -> "; is the URL that of the API's base?";
              default ->
                  answer.status() / 100 == 3 ? "; redirects are not followed, give its target" : "";
            };
    return "answered " + answer.status() + said + why;
  }

  private static String said(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException failure =
        new InterruptedIOException("interrupted while the registry was asked");
    failure.initCause(cause);
    return failure;
  }

  private static SSLContext trusting(String caFile) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(caFile)))) {
      KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        authorities.setCertificateEntry("authority-" + authorities.size(), one);
      }
      if (authorities.size() == 0) {
        throw new IOException(caFile + " has no certificate, must have at least one (PEM)");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(caFile + " cannot be used as authorities (PEM): " + e.getMessage(), e);
    }
  }
}
