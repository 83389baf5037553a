package io.gradwatch.cli.terminal;

import picocli.CommandLine.IVersionProvider;

/** Version of the command and of the Java it runs on. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "gradwatch " + number(),
      "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")
    };
  }

  /** Such as 0.1.0, or that it is not known. */
  public static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
