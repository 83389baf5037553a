package io.gradwatch.lab.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of the processes that this one started and that have ended, as Linux tells it. */
final class ChildrenTime {
  private static final Path STAT = Path.of("/proc/self/stat");

  /** A tick of {@code /proc} on every Linux that Java runs on (USER_HZ is 100). */
  private static final long MILLIS_A_TICK = 10;

  /** Places of cutime and cstime behind the name of the process (proc(5), fields 16 and 17). */
  private static final int USER = 13;

  private static final int SYSTEM = 14;

  private ChildrenTime() {}

  /** In milliseconds, to a tick of 10; -1 where the system does not tell. */
  static long millis() throws IOException {
    return Files.isReadable(STAT) ? millis(Files.readString(STAT)) : -1;
  }

  /** From the text of {@code /proc/PID/stat}; the process's name may hold blanks and brackets. */
  static long millis(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +", -1);
    return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) * MILLIS_A_TICK;
  }
}
