package io.gradwatch.cli.console;

import org.jspecify.annotations.Nullable;

/** The path of a question with its parameters; those without a value are left out. */
final class Query {
  private final StringBuilder path;
  private char separator = '?';

  Query(String path) {
    this.path = new StringBuilder(path);
  }

  Query with(String name, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      path.append(separator).append(name).append('=').append(RunName.encode(value.toString()));
      separator = '&';
    }
    return this;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
