package io.gradwatch.agent.tail;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What runs are called by where their logs lie. */
public final class RunNames {
  private RunNames() {}

  /**
   * The name of a run inside a folder.
   *
   * @param prefix what stands before it; null for nothing
   * @param root the folder
   * @param inside path in the folder; empty: the folder is the run
   */
  public static String within(@Nullable String prefix, Path root, Path inside) {
    String path = inside.toString().replace('\\', '/');
    if (path.isEmpty()) {
      return prefix == null ? String.valueOf(root.getFileName()) : prefix;
    }
    return prefix == null ? path : prefix + "/" + path;
  }

  /** A file's name without what follows its last dot. */
  static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
