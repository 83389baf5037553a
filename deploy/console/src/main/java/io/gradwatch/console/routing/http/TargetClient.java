package io.gradwatch.console.routing.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one target, at the addresses that {@link TargetAddress} has checked: the name
 * is looked up once a connection, and the connection goes to what was found. Follows no redirect,
 * keeps no cookie, tries nothing twice, reads little. Safe for use by several threads.
 */
public final class TargetClient implements AutoCloseable {
  /** Most bytes that are read of an answer. */
  public static final int MOST_BYTES = 64 * 1024;

  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  /**
   * How long to wait for a target.
   *
   * @param connect for the connection
   * @param whole for everything, however slowly bytes come
   */
  public record Patience(Duration connect, Duration whole) {
    /** Of a router. */
    public static final Patience STANDARD =
        new Patience(Duration.ofSeconds(5), Duration.ofSeconds(15));
  }

  private final TargetAddress address;
  private final Patience patience;
  private final Clock clock;
  private final CloseableHttpClient client;
  private final Timer deadlines = new Timer("gradwatch-target-deadline", true);

  /**
   * @param address where the target is
   * @param resolver who looks its name up
   */
  public TargetClient(
      TargetAddress address, HostResolver resolver, Patience patience, Clock clock) {
    this.address = address;
    this.patience = patience;
    this.clock = clock;
    Timeout connect = Timeout.of(patience.connect());
    Timeout whole = Timeout.of(patience.whole());
    this.client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(checked(address, resolver))
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(connect)
                            .setSocketTimeout(whole)
                            .setTimeToLive(TimeValue.ofMinutes(1)) // a name may move
                            .build())
                    .setMaxConnTotal(2)
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(whole)
                    .setResponseTimeout(whole)
                    .setRedirectsEnabled(false)
                    .setAuthenticationEnabled(false)
                    .setContentCompressionEnabled(false)
                    .build())
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .disableDefaultUserAgent()
            .build();
  }

  /**
   * Sends a request.
   *
   * @throws RefusedAddressException when the target's name leads where no target may be
   * @throws IOException when it is not reached or does not answer in time
   */
  public HttpReply post(HttpMessage message) throws IOException {
    HttpPost request = new HttpPost(target(message.path()));
    message.headers().forEach(request::setHeader);
    request.setHeader(HttpHeaders.USER_AGENT, "gradwatch-router");
    request.setEntity(
        new StringEntity(
            message.body(), ContentType.create(message.contentType(), StandardCharsets.UTF_8)));
    TimerTask deadline = cancelling(request);
    deadlines.schedule(deadline, patience.whole().toMillis());
    try {
      return reply(request, client.executeOpen(null, request, null));
    } finally {
      deadline.cancel();
    }
  }

  @Override
  public void close() {
    deadlines.cancel();
    try {
      client.close();
    } catch (IOException e) {
      // Its connections are gone either way.
      return;
    }
  }

  private URI target(String path) {
    if (path.isEmpty()) {
      return address.uri();
    }
    String base = address.uri().toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  private static DnsResolver checked(TargetAddress address, HostResolver resolver) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return address.resolve(resolver);
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  private static TimerTask cancelling(HttpPost request) {
    return new TimerTask() {
      @Override
      public void run() {
        request.cancel();
      }
    };
  }

  private HttpReply reply(HttpPost request, ClassicHttpResponse response) throws IOException {
    boolean isComplete = false;
    try {
      byte[] body = body(response);
      isComplete = body.length < MOST_BYTES;
      return new HttpReply(
          response.getCode(), new String(body, StandardCharsets.UTF_8), retryAfter(response));
    } finally {
      if (!isComplete) {
        request.cancel(); // else what is left would be read to its end, which it may not have
      }
      closeQuietly(response);
    }
  }

  private static byte[] body(ClassicHttpResponse response) throws IOException {
    HttpEntity entity = response.getEntity();
    InputStream content = entity == null ? null : entity.getContent();
    return content == null ? new byte[0] : content.readNBytes(MOST_BYTES);
  }

  private static void closeQuietly(ClassicHttpResponse response) {
    try {
      response.close();
    } catch (IOException e) {
      return; // what was to be known of it is known
    }
  }

  /** Seconds or a date (RFC 9110, 10.2.3); bounded, as a target may ask for years. */
  private @Nullable Duration retryAfter(ClassicHttpResponse response) {
    Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
    if (header == null || header.getValue() == null) {
      return null;
    }
    Duration asked = parse(header.getValue().strip(), clock.instant());
    if (asked == null || asked.isNegative()) {
      return null;
    }
    return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
  }

  private static @Nullable Duration parse(String text, Instant now) {
    try {
      return text.matches("\\d{1,9}")
          ? Duration.ofSeconds(Long.parseLong(text))
          : Duration.between(
              now, ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return null;
    }
  }
}
