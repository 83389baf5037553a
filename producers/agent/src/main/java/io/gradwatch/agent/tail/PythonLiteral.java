package io.gradwatch.agent.tail;

/**
 * Writes a Python dict, as {@code print} shows it, as JSON: quotes, {@code None}, {@code True},
 * {@code nan}, {@code inf}; of {@code np.float64(2.5)} and {@code tensor(2.5, device='cuda:0')} the
 * number. What is no Python becomes no JSON.
 */
final class PythonLiteral {
  private final String text;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private PythonLiteral(String text) {
    this.text = text;
  }

  static String toJson(String text) {
    PythonLiteral literal = new PythonLiteral(text);
    while (literal.at < text.length()) {
      literal.next();
    }
    return literal.out.toString();
  }

  private void next() {
    char c = text.charAt(at);
    if (c == '\'' || c == '"') {
      string(c);
    } else if (isWordStart(c) && !followsDigit()) {
      word();
    } else {
      out.append(c == '(' ? '[' : c == ')' ? ']' : c);
      at++;
    }
  }

  /** The e of 5e-05 is no word. */
  private boolean followsDigit() {
    return at > 0 && (Character.isDigit(text.charAt(at - 1)) || text.charAt(at - 1) == '.');
  }

  private void string(char quote) {
    out.append('"');
    at++;
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        char escaped = text.charAt(at++);
        out.append(escaped == '\'' ? "'" : "\\" + escaped);
      } else {
        out.append(c == '"' ? "\\\"" : String.valueOf(c));
      }
    }
    out.append('"');
    at++;
  }

  private void word() {
    int from = at;
    while (at < text.length() && isWordPart(text.charAt(at))) {
      at++;
    }
    String word = text.substring(from, at);
    if (at < text.length() && text.charAt(at) == '(') {
      firstArgument();
      return;
    }
    switch (word) {
      case "None" -> out.append("null");
      case "True" -> out.append("true");
      case "False" -> out.append("false");
      case "nan" -> out.append("NaN");
      case "inf" -> out.append("Infinity");
      default -> out.append(word);
    }
  }

  /** Of a call its first argument. */
  private void firstArgument() {
    at++;
    int depth = 1;
    boolean first = true;
    while (at < text.length() && depth > 0) {
      char c = text.charAt(at);
      if (c == '(' || c == ')') {
        depth += c == '(' ? 1 : -1;
        at++;
      } else if (c == ',') {
        first = false;
        at++;
      } else if (first) {
        next();
      } else {
        at++;
      }
    }
  }

  private static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || (c >= '0' && c <= '9') || c == '.';
  }
}
