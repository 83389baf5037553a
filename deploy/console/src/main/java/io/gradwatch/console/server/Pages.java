package io.gradwatch.console.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The page's files, out of the jar. Addresses of pages all give the one page, which reads them. */
final class Pages {
  private static final String FOLDER = "/io/gradwatch/console/page/";
  private static final Pattern FILE =
      Pattern.compile("(?:[a-z0-9-]+(?:\\.[0-9]+)*/)*[A-Za-z0-9._-]+");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "yaml", "application/yaml");

  private static final String FLEET = "/";

  private static final List<String> ADDRESSES =
      List.of(
          FLEET,
          "/run/{project}/{run}",
          "/compare",
          "/alarms",
          "/alarms/{id}",
          "/silences",
          "/help");

  /**
   * What the fleet's page asks first, word for word as fleet-model.js asks it: a browser that is
   * told asks before it has read a script.
   */
  private static final String FLEET_FIRST =
      "</api/v1/fleet?sort=need&order=desc&offset=0&limit=100>; rel=preload; as=fetch; crossorigin";

  private record Loaded(byte[] bytes, String tag, String type) {}

  private final Map<String, Loaded> files = new ConcurrentHashMap<>();
  private final Predicate<Context> mayRead;

  /**
   * @param mayRead whether who asks would be given data: a refusal that was asked for ahead would
   *     be taken for the answer after signing in
   */
  Pages(Predicate<Context> mayRead) {
    this.mayRead = mayRead;
  }

  void addTo(RoutesConfig routes) {
    for (String address : ADDRESSES) {
      routes.get(address, context -> sendPage(context, address));
    }
    routes.get("/static/<file>", context -> send(context, context.pathParam("file")));
    routes.get("/favicon.ico", context -> send(context, "favicon.svg"));
  }

  private void sendPage(Context context, String address) {
    if (address.equals(FLEET) && mayRead.test(context)) {
      context.header("Link", FLEET_FIRST);
      // A browser that has signed out since must not take the header from what it kept.
      send(context, "index.html", "-ahead");
    } else {
      send(context, "index.html");
    }
  }

  private void send(Context context, String name) {
    send(context, name, "");
  }

  private void send(Context context, String name, String variant) {
    Loaded file = file(name);
    if (file == null) {
      throw RefusedException.notFound("there is no such file");
    }
    context.header("Cache-Control", "no-cache");
    String tag = '"' + file.tag() + variant + '"';
    context.header("ETag", tag);
    if (tag.equals(context.header("If-None-Match"))) {
      context.status(304);
      return;
    }
    context.contentType(file.type()).result(file.bytes());
  }

  private @Nullable Loaded file(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1);
    String type = TYPES.get(extension);
    if (type == null || name.contains("..") || !FILE.matcher(name).matches()) {
      return null;
    }
    Loaded known = files.get(name);
    if (known == null) {
      known = load(name, type);
      if (known != null) {
        files.put(name, known);
      }
    }
    return known;
  }

  private static @Nullable Loaded load(String name, String type) {
    try (InputStream in = Pages.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return null;
      }
      byte[] bytes = in.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(bytes);
      String tag = HexFormat.of().toHexDigits(sum.getValue()) + "-" + bytes.length;
      return new Loaded(bytes, tag, type);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " from the jar", e);
    }
  }
}
