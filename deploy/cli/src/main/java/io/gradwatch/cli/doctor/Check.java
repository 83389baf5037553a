package io.gradwatch.cli.doctor;

import java.util.List;
import java.util.concurrent.ExecutionException;

/** Looks at one side of an installation. Changes nothing there. */
interface Check {
  /** The word by which its findings are known. */
  String name();

  /**
   * What it finds.
   *
   * @throws ExecutionException when Kafka refuses or does not answer; {@link Doctor} tells that
   */
  List<Finding> examine() throws ExecutionException, InterruptedException;
}
