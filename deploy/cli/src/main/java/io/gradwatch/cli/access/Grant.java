package io.gradwatch.cli.access;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;

/**
 * The rights of one principal.
 *
 * @param name the principal without its type: a SCRAM user or the name of a certificate
 * @param description whose it is
 */
public record Grant(String name, String description, List<Right> rights) {
  public Grant {
    rights = List.copyOf(rights);
  }

  /** The principal as Kafka's ACLs name it. */
  public String principal() {
    return "User:" + name;
  }

  /** The same as Kafka's administrator's client takes it. */
  public List<AclBinding> bindings() {
    return rights.stream().map(right -> right.to(principal())).toList();
  }

  /** Both together, for one principal that plays two parts. */
  public Grant and(Grant other) {
    Set<AclBinding> known = new HashSet<>(bindings());
    Stream<Right> more = other.rights.stream().filter(right -> known.add(right.to(principal())));
    return new Grant(
        name,
        description + ", " + other.description,
        Stream.concat(rights.stream(), more).toList());
  }
}
