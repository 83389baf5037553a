package io.gradwatch.console.server;

/** Why a request is refused, for whoever asked. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;

  private RefusedException(int status, String title, String detail) {
    super(detail);
    this.status = status;
    this.title = title;
  }

  static RefusedException badRequest(String detail) {
    return new RefusedException(400, "Bad request", detail);
  }

  static RefusedException notFound(String detail) {
    return new RefusedException(404, "Not found", detail);
  }

  static RefusedException signInFirst() {
    return new RefusedException(
        401, "Sign in first", "send Authorization: Bearer TOKEN, or sign in on the page");
  }

  static RefusedException forbidden(String detail) {
    return new RefusedException(403, "Forbidden", detail);
  }

  static RefusedException unavailable(String detail) {
    return new RefusedException(503, "Not available now", detail);
  }

  static RefusedException lengthRequired() {
    return new RefusedException(
        411, "Length required", "send Content-Length: a body of unknown length is not read");
  }

  static RefusedException notAcceptable(String detail) {
    return new RefusedException(406, "Not acceptable", detail);
  }

  static RefusedException tooLarge(String detail) {
    return new RefusedException(413, "Too large", detail);
  }

  static RefusedException unsupportedType(String detail) {
    return new RefusedException(415, "Unsupported content", detail);
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** Why, in a sentence. */
  String detail() {
    return String.valueOf(getMessage());
  }
}
