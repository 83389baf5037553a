package io.gradwatch.cli.console;

import picocli.CommandLine.Option;

/** Who says something. */
final class Author {
  @Option(
      names = "--author",
      paramLabel = "NAME",
      description = "Who says so. Default: the user; a token's own name counts before both.")
  private String name = System.getProperty("user.name", "");

  String name() {
    return name;
  }
}
