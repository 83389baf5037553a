package io.gradwatch.cli.access;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One operation on one resource of Kafka. Reading and writing include describing, as Kafka has it.
 *
 * @param resource what it is on; its name is a whole one or, by its pattern, the begin of many
 * @param operation what may be done
 * @param purpose what for, in a few words
 */
public record Right(ResourcePattern resource, AclOperation operation, String purpose) {
  private static final String ANY_HOST = "*";

  static Right onTopic(String topic, AclOperation operation, String purpose) {
    return of(ResourceType.TOPIC, topic, PatternType.LITERAL, operation, purpose);
  }

  static Right onTopics(String prefix, AclOperation operation, String purpose) {
    return of(ResourceType.TOPIC, prefix, PatternType.PREFIXED, operation, purpose);
  }

  static Right of(
      ResourceType type, String name, PatternType pattern, AclOperation operation, String purpose) {
    return new Right(new ResourcePattern(type, name, pattern), operation, purpose);
  }

  /**
   * The same as Kafka's administrator's client takes it.
   *
   * @param principal to whom it is given, with its type, as in {@code User:job}
   */
  public AclBinding to(String principal) {
    return new AclBinding(
        resource, new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW));
  }
}
