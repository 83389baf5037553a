package io.gradwatch.console.server;

import io.gradwatch.console.access.Access;
import io.gradwatch.console.access.Principal;
import io.gradwatch.console.access.Role;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Lets requests in, or refuses them, before anything else looks at them. */
final class Doorkeeper {
  private static final String COOKIE = "gradwatch_session";

  /** Longest body of a request. */
  static final int MOST_BODY_BYTES = 64 * 1024;

  private static final String PRINCIPAL = "gradwatch.principal";
  private static final String CSRF = "X-Gradwatch-Csrf";
  private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int COOKIE_SECONDS = 12 * 3_600;

  /** Nothing may be loaded but what this server serves, and nobody may frame it. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self';"
              + " frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), microphone=(), geolocation=()");

  private final Access access;

  Doorkeeper(Access access) {
    this.access = access;
  }

  /** Every request: answers say what a browser may do with them; only our own name is answered. */
  void greet(Context context) {
    HEADERS.forEach(context::header);
    String host = context.header("Host");
    if (!access.isOwnHost(host)) {
      throw RefusedException.forbidden(
          "the Host header names another machine; open the console by the address it printed, or"
              + " start it with --public-url");
    }
    if (context.header("Transfer-Encoding") != null) {
      // The bound of a body is by its length, and signing in has a body before anybody is known.
      throw RefusedException.lengthRequired();
    }
    if (context.contentLength() > MOST_BODY_BYTES) {
      throw RefusedException.tooLarge(
          "the body has "
              + context.contentLength()
              + " bytes, at most "
              + MOST_BODY_BYTES
              + " are taken");
    }
  }

  /** Whether who asks would be let in to data. */
  boolean mayRead(Context context) {
    return access.principal(context::header, context.cookie(COOKIE)) != null;
  }

  /** Requests for data: they must be from somebody, and changes from who may make them. */
  void admit(Context context) {
    context.header("Cache-Control", "no-store");
    Principal principal = access.principal(context::header, context.cookie(COOKIE));
    if (principal == null) {
      throw RefusedException.signInFirst();
    }
    context.attribute(PRINCIPAL, principal);
    if (!READING.contains(context.method())) {
      admitChange(context, principal);
    }
  }

  private void admitChange(Context context, Principal principal) {
    requireOwnOrigin(context);
    if (!access.mayChange(principal, context.header(CSRF))) {
      throw RefusedException.forbidden(
          "send the csrf of /api/v1/session as " + CSRF + ", or a bearer token");
    }
    if (principal.role() != Role.OPERATOR) {
      throw RefusedException.forbidden("you may look, but not change: that needs role operator");
    }
  }

  private void requireOwnOrigin(Context context) {
    String origin = context.header("Origin");
    String host = context.header("Host");
    if (origin != null && host != null && !access.isOwnOrigin(origin, host)) {
      throw RefusedException.forbidden("a page of another origin may not ask for this");
    }
  }

  /**
   * Whether whoever began this request would still be let in, for a stream that outlasts it: a
   * session ends, a token is taken back.
   */
  BooleanSupplier standing(Context context) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(context.headerMap());
    String session = context.cookie(COOKIE);
    return () -> access.principal(headers::get, session) != null;
  }

  /** Who asks; after {@link #admit}. */
  static Principal principal(Context context) {
    Principal principal = context.attribute(PRINCIPAL);
    if (principal == null) {
      throw RefusedException.signInFirst();
    }
    return principal;
  }

  /** A browser shows a token and gets a session. */
  void signIn(Context context) {
    requireOwnOrigin(context);
    String contentType = context.contentType();
    if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith(FORM)) {
      // Other forms are parsed into files before anybody is known.
      throw RefusedException.unsupportedType(
          "Content-Type is " + contentType + ", must be " + FORM);
    }
    String token = context.formParam("token");
    String session = token == null ? null : access.signIn(token.strip());
    if (session == null) {
      context.redirect("/?signin=refused", HttpStatus.SEE_OTHER);
      return;
    }
    context.cookie(cookie(session, COOKIE_SECONDS));
    context.redirect("/", HttpStatus.SEE_OTHER);
  }

  /** A browser ends its session. */
  void signOut(Context context) {
    requireOwnOrigin(context);
    String session = context.cookie(COOKIE);
    if (session != null) {
      access.signOut(session);
    }
    context.cookie(cookie("", 0));
    context.redirect("/", HttpStatus.SEE_OTHER);
  }

  /** The name to write under what somebody says: what they are signed in as, else what they say. */
  static String author(Context context, @Nullable String told) {
    String name = principal(context).name();
    if (!name.isEmpty()) {
      return name;
    }
    return told == null || told.isBlank() ? "somebody on the console's machine" : told.strip();
  }

  private Cookie cookie(String value, int seconds) {
    return new Cookie(
        COOKIE, value, "/", seconds, access.secureCookies(), true, null, SameSite.STRICT);
  }
}
