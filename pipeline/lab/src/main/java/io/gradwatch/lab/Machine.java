package io.gradwatch.lab;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a benchmark ran on; every line of JSON that a benchmark writes carries it.
 *
 * @param processors that this process may use
 * @param cpu model of the processor; the architecture where the system does not tell one
 * @param memoryBytes of the whole machine
 * @param heapBytes most that this process may use
 * @param java runtime and its version
 * @param os name and version of the operating system
 */
public record Machine(
    int processors, String cpu, long memoryBytes, long heapBytes, String java, String os) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final String MODEL = "model name";

  /** The machine of this process. */
  public static Machine here() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        model(cpuInfo(), system.getArch()),
        system.getTotalMemorySize(),
        Runtime.getRuntime().maxMemory(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        system.getName() + " " + system.getVersion());
  }

  /** The processor's name in the lines of {@code /proc/cpuinfo}. */
  static String model(List<String> cpuInfo, String unlessTold) {
    return cpuInfo.stream()
        .filter(line -> line.startsWith(MODEL))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .filter(model -> !model.isEmpty())
        .findFirst()
        .orElse(unlessTold);
  }

  private static List<String> cpuInfo() {
    if (!Files.isReadable(CPU_INFO)) {
      return List.of();
    }
    try {
      return Files.readAllLines(CPU_INFO);
    } catch (IOException e) {
      return List.of(); // The name is for readers; nothing rests on it.
    }
  }
}
