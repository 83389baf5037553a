package io.gradwatch.console.model;

import java.util.List;

/** Parts of lists that are told page by page. */
final class Part {
  private Part() {}

  /** At most so many from a place on; none when the place is beyond the end. */
  static <T> List<T> of(List<T> all, int offset, int limit) {
    int from = Math.min(offset, all.size());
    return List.copyOf(all.subList(from, (int) Math.min((long) from + limit, all.size())));
  }
}
