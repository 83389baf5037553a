package io.gradwatch.console.access;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides who a request is from and whether it may be.
 *
 * <p>On a loopback address with neither tokens nor proxy whoever is on this machine is an operator;
 * the Host header must name this machine, so that no page elsewhere can have a browser ask in its
 * name (DNS rebinding). On any other address a token or a proxy is needed.
 */
public final class Access {
  private static final String BEARER = "Bearer ";

  private final AccessOptions options;
  private final Sessions sessions;
  private final String ownCsrf;
  private final boolean loopback;

  /**
   * @param clock by which sessions end
   * @throws IllegalArgumentException when the address can be reached from elsewhere and nothing
   *     says who may
   */
  public Access(AccessOptions options, InstantSource clock) {
    this.options = options;
    this.sessions = new Sessions(clock);
    this.ownCsrf = sessions.random();
    this.loopback = isLoopback(options.host());
    check(options);
  }

  /**
   * Whether there is a way to tell who comes.
   *
   * @throws IllegalArgumentException when the address can be reached from elsewhere and nothing
   *     says who may
   */
  public static void check(AccessOptions options) {
    if (!isLoopback(options.host()) && options.tokens().isEmpty() && options.proxy() == null) {
      throw new IllegalArgumentException(
          "the console listens on "
              + options.host()
              + ", which others can reach: give --tokens or --proxy-secret-file, or listen on"
              + " 127.0.0.1");
    }
  }

  /**
   * Who a request is from; null when it must sign in first.
   *
   * @param header value of a header of the request; null when it has none
   * @param session value of the session's cookie
   */
  public @Nullable Principal principal(
      Function<String, @Nullable String> header, @Nullable String session) {
    String authorization = header.apply("Authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      Tokens.Holder holder =
          options.tokens().holder(authorization.substring(BEARER.length()).strip());
      if (holder != null) {
        return new Principal(
            holder.name(), holder.role(), Principal.Authentication.TOKEN, ownCsrf, true);
      }
      if (options.proxy() == null) {
        return null;
      }
      // A proxy may pass on a token of its own, which says nothing here.
    }
    TrustedProxy proxy = options.proxy();
    Tokens.Holder person = proxy == null ? null : proxy.person(header);
    if (person != null) {
      return new Principal(
          person.name(), person.role(), Principal.Authentication.PROXY, ownCsrf, false);
    }
    Principal signedIn = session == null ? null : sessions.find(session);
    if (signedIn != null) {
      return signedIn;
    }
    return loopback && options.tokens().isEmpty() && proxy == null
        ? new Principal("", Role.OPERATOR, Principal.Authentication.LOOPBACK, ownCsrf, false)
        : null;
  }

  /** The session of a browser that shows a token; null when nobody has it. */
  public @Nullable String signIn(String token) {
    Tokens.Holder holder = options.tokens().holder(token);
    return holder == null ? null : sessions.begin(holder);
  }

  /** Ends a browser's session. */
  public void signOut(String session) {
    sessions.end(session);
  }

  /** Whether the Host header may be this console's. */
  public boolean isOwnHost(@Nullable String hostHeader) {
    URI publicUrl = options.publicUrl();
    if (hostHeader == null) {
      return false;
    }
    if (publicUrl != null && hostHeader.equalsIgnoreCase(publicUrl.getAuthority())) {
      return true;
    }
    String name = withoutPort(hostHeader);
    return !loopback || isLoopbackName(name) || name.equalsIgnoreCase(options.host());
  }

  /** Whether a page of this origin is this console's own. */
  public boolean isOwnOrigin(String origin, String hostHeader) {
    URI publicUrl = options.publicUrl();
    return origin.equals("http://" + hostHeader)
        || origin.equals("https://" + hostHeader)
        || (publicUrl != null
            && origin.equals(publicUrl.getScheme() + "://" + publicUrl.getAuthority()));
  }

  /** Whether a change brings what only this console's own pages know. */
  public boolean mayChange(Principal principal, @Nullable String csrf) {
    return principal.byBearer()
        || (csrf != null
            && MessageDigest.isEqual(Tokens.digest(csrf), Tokens.digest(principal.csrf())));
  }

  /** Whether cookies may go over plain HTTP: a browser keeps those for https to itself. */
  public boolean secureCookies() {
    URI publicUrl = options.publicUrl();
    return publicUrl != null && "https".equals(publicUrl.getScheme());
  }

  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isLoopbackName(String name) {
    return name.equalsIgnoreCase("localhost") || name.equals("[::1]") || name.equals("127.0.0.1");
  }

  private static String withoutPort(String hostHeader) {
    int colon = hostHeader.lastIndexOf(':');
    return colon > hostHeader.lastIndexOf(']') ? hostHeader.substring(0, colon) : hostHeader;
  }
}
