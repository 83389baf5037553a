package io.gradwatch.console.report;

import java.util.List;

/** Writes a page. Whatever is passed as text is escaped; no method takes markup but a drawing. */
final class Html {
  private static final String STYLE =
      """
      *{box-sizing:border-box}
      body{margin:0;background:#f6f7f9;color:#1f2933;font:15px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
      main{max-width:1240px;margin:0 auto;padding:28px 20px 48px}
      h1{font-size:24px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
      h2{font-size:17px;margin:32px 0 10px}
      h3{font-size:15px;margin:0;overflow-wrap:anywhere}
      p{margin:6px 0}
      .quiet{color:#5c6873}
      .badge{display:inline-block;padding:1px 9px;border-radius:10px;font-size:12.5px;font-weight:600;background:#e4e8ec;color:#3e4c59}
      .critical{background:#c81e1e;color:#fff}
      .warning{background:#fdecc8;color:#7a3d05}
      .healthy{background:#d7f3e3;color:#0b5b36}
      .card{background:#fff;border:1px solid #dde2e7;border-radius:8px;padding:14px 18px;margin:0 0 14px}
      .figure{padding:8px}
      .figure svg{display:block;width:100%;height:auto}
      .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:10px 22px;margin:0}
      .facts div{min-width:0}
      dt{color:#5c6873;font-size:12.5px}
      dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
      .scroll{overflow-x:auto}
      table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
      th{font-weight:600;text-align:left;color:#5c6873;font-size:12.5px}
      th,td{padding:5px 14px 5px 0;border-bottom:1px solid #e9edf0;vertical-align:top;overflow-wrap:anywhere}
      .narrow{width:auto}
      tr:last-child td{border-bottom:0}
      td.n,th.n{text-align:right;white-space:nowrap}
      ol,ul{margin:6px 0;padding-left:22px}
      .alert{border-left:5px solid #c81e1e}
      .swatch{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:7px}
      .id{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:12.5px}
      @media print{body{background:#fff;font-size:11.5px}main{max-width:none;padding:0}
      .card{break-inside:avoid;border-color:#c9d0d7}h2{break-after:avoid}@page{margin:14mm}}
      """;

  private final StringBuilder out = new StringBuilder(1 << 17);

  Html(String title) {
    out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .append(Reports.CONTENT_SECURITY_POLICY.replace("'", "&#39;"))
        .append("\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    out.append("<title>").append(Markup.escape(title)).append("</title>\n<style>\n");
    out.append(STYLE).append("</style>\n</head>\n<body>\n<main>\n");
  }

  /** The whole page. */
  String finish() {
    return out + "</main>\n</body>\n</html>\n";
  }

  /** An element with a text. */
  Html text(String element, String classes, String text) {
    open(element, classes);
    out.append(Markup.escape(text));
    return close(element);
  }

  Html open(String element, String classes) {
    out.append('<').append(element);
    if (!classes.isEmpty()) {
      out.append(" class=\"").append(classes).append('"');
    }
    out.append('>');
    return this;
  }

  Html close(String element) {
    out.append("</").append(element).append(">\n");
    return this;
  }

  /** Text in the element that is open. */
  Html plain(String text) {
    out.append(Markup.escape(text));
    return this;
  }

  /** A small square of a colour. */
  Html swatch(Ink ink) {
    out.append("<span class=\"swatch\" style=\"background:").append(ink.hex()).append("\"></span>");
    return this;
  }

  /** A drawing of {@link SvgCanvas}. */
  Html drawing(String svg) {
    open("div", "card figure");
    out.append(svg);
    return close("div");
  }

  /** A fact in a list of facts; one without a value is left out. */
  Html fact(String name, String value) {
    return value.isEmpty() || value.equals("–")
        ? this
        : open("div", "").text("dt", "", name).text("dd", "", value).close("div");
  }

  /** The head of a table; names that begin with a space are those of columns of numbers. */
  Html head(List<String> names) {
    open("thead", "").open("tr", "");
    names.forEach(name -> text("th", name.startsWith(" ") ? "n" : "", name.strip()));
    return close("tr").close("thead");
  }
}
