package io.gradwatch.console.model;

/**
 * Identity of a run.
 *
 * @param project its project, which has no slash
 * @param run its id within the project
 */
public record RunKey(String project, String run) {
  /** project/run, as commands and addresses say it. */
  public String path() {
    return project + "/" + run;
  }

  /**
   * The key that a path names.
   *
   * @throws IllegalArgumentException when there is no slash in it
   */
  public static RunKey ofPath(String path) {
    int slash = path.indexOf('/');
    if (slash <= 0 || slash == path.length() - 1) {
      throw new IllegalArgumentException("run is '" + path + "', must be project/run");
    }
    return new RunKey(path.substring(0, slash), path.substring(slash + 1));
  }
}
