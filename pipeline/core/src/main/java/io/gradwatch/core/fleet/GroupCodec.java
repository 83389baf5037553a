package io.gradwatch.core.fleet;

import io.gradwatch.core.state.StateCodec;
import java.util.ArrayList;
import java.util.List;

/** The binary form of groups. */
final class GroupCodec {
  private GroupCodec() {}

  static List<Group> walk(StateCodec codec, List<Group> groups) {
    int size = codec.i32(groups.size());
    List<Group> walked = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      walked.add(walk(codec, i < groups.size() ? groups.get(i) : Group.FLEET));
    }
    return List.copyOf(walked);
  }

  static Group walk(StateCodec codec, Group group) {
    return new Group(codec.text(group.tag()), codec.text(group.value()));
  }
}
