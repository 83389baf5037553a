package io.gradwatch.core.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs that share the value of a tag, or, with both blank, the runs that name no cluster.
 *
 * @param tag name of the tag
 * @param value its value, at most {@value #MAX_LENGTH} characters
 */
public record Group(String tag, String value) {
  /** Tags that make groups, from the narrowest to the widest. */
  public static final List<String> TAGS = List.of("host", "data_shard", "cluster");

  /** Runs that name no cluster. */
  public static final Group FLEET = new Group("", "");

  /** Longest value that makes a group; longer ones are no names. */
  static final int MAX_LENGTH = 256;

  private static final String WIDEST = TAGS.get(TAGS.size() - 1);

  /**
   * The groups of a run, from the narrowest to the widest. The last one is its cluster, or {@link
   * #FLEET}: alarms of runs that differ in it are never compared.
   *
   * @param tags as the trainer sent them; a value that is blank, too long or holds control
   *     characters makes no group
   */
  public static List<Group> of(Map<String, String> tags) {
    List<Group> groups = new ArrayList<>(TAGS.size());
    for (String tag : TAGS) {
      String value = tags.get(tag);
      if (value != null && isName(value)) {
        groups.add(new Group(tag, value));
      } else if (tag.equals(WIDEST)) {
        groups.add(FLEET);
      }
    }
    return List.copyOf(groups);
  }

  private static boolean isName(String value) {
    return !value.isBlank()
        && value.length() <= MAX_LENGTH
        && value.codePoints().allMatch(Group::isShown);
  }

  /** Not so control characters, nor those that change how others are shown. */
  private static boolean isShown(int character) {
    return !Character.isISOControl(character)
        && Character.getType(character) != Character.FORMAT
        && Character.getType(character) != Character.SURROGATE;
  }

  /** The group that decides where a run is compared: the widest one. */
  static Group widest(List<Group> groups) {
    return groups.get(groups.size() - 1);
  }

  /** As people say it. */
  @Override
  public String toString() {
    return equals(FLEET) ? "the fleet" : tag.replace('_', ' ') + " " + value;
  }
}
