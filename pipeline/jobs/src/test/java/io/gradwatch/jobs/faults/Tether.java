package io.gradwatch.jobs.faults;

import java.io.IOException;
import java.util.Arrays;

/**
 * Runs another main class, and ends the process when its parent is gone: then the pipe to its
 * standard input breaks, even if the parent was killed.
 */
final class Tether {
  private static final int PARENT_IS_GONE = 3;

  private Tether() {}

  /** First the name of the main class, then its arguments. */
  public static void main(String[] args) throws Exception {
    Thread watch = new Thread(Tether::endWithTheParent, "tether");
    watch.setDaemon(true);
    watch.start();
    Class.forName(args[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
  }

  private static void endWithTheParent() {
    try {
      while (System.in.read() >= 0) {
        // nothing is ever written
      }
    } catch (IOException brokenPipe) {
      // the same as its end
    }
    Runtime.getRuntime().halt(PARENT_IS_GONE);
  }
}
