package io.gradwatch.jobs;

import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What lies in a cluster's lib folder: the class path of this test without us, Kafka and Avro. */
public final class FlinkClassPath {
  private static final List<String> NOT_OF_FLINK =
      List.of(
          "gradwatch",
          "target" + File.separator,
          "flink-connector-kafka",
          "flink-test-utils",
          "-tests.jar",
          "org/apache/kafka",
          "org/apache/avro",
          "com/fasterxml",
          "org/junit",
          "testcontainers");

  private FlinkClassPath() {}

  /** Everything this test has. */
  public static String ofThisTest() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /**
   * What a cluster has.
   *
   * @throws IllegalStateException when Flink is not on the class path, or more than Flink is
   */
  public static String ofACluster() {
    String lib =
        Stream.of(ofThisTest().split(File.pathSeparator))
            .filter(entry -> NOT_OF_FLINK.stream().noneMatch(entry::contains))
            .collect(Collectors.joining(File.pathSeparator));
    if (!lib.contains("flink-clients") || lib.contains("kafka") || lib.contains("avro")) {
      throw new IllegalStateException("not the class path of a cluster: " + lib);
    }
    return lib;
  }
}
