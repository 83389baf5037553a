package io.gradwatch.cli.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads what {@code gradwatch acls --print} prints, the way Kafka's tools and Strimzi do. */
public final class PrintedAcls {
  private static final Map<String, ResourceType> TYPES =
      Map.of(
          "--topic", ResourceType.TOPIC,
          "--group", ResourceType.GROUP,
          "--transactional-id", ResourceType.TRANSACTIONAL_ID,
          "topic", ResourceType.TOPIC,
          "group", ResourceType.GROUP,
          "transactionalId", ResourceType.TRANSACTIONAL_ID);

  private PrintedAcls() {}

  /** Of the commands. */
  public static List<AclBinding> ofCommands(String text) {
    return text.lines()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> ofCommand(words(line)).stream())
        .toList();
  }

  private static List<AclBinding> ofCommand(List<String> words) {
    if (!words.get(0).equals("kafka-acls.sh") || !words.contains("--add")) {
      throw new IllegalArgumentException("no command that adds rights: " + words);
    }
    String type = words.stream().filter(TYPES::containsKey).findFirst().orElseThrow();
    PatternType pattern =
        words.contains("--resource-pattern-type")
            ? PatternType.fromString(
                value(words, "--resource-pattern-type").toUpperCase(java.util.Locale.ROOT))
            : PatternType.LITERAL;
    ResourcePattern resource = new ResourcePattern(TYPES.get(type), value(words, type), pattern);
    List<AclBinding> bindings = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--operation")) {
        bindings.add(binding(resource, value(words, "--allow-principal"), words.get(i + 1)));
      }
    }
    return bindings;
  }

  private static String value(List<String> words, String option) {
    return words.get(words.indexOf(option) + 1);
  }

  /** As a shell splits a line; a quoted word holds no quote here. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    var matcher = java.util.regex.Pattern.compile("'([^']*)'|(\\S+)").matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return words;
  }

  /** Of the resources, whose principals get a type and what stands before their name. */
  public static List<AclBinding> ofStrimzi(String yaml, String before) {
    List<AclBinding> bindings = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      String principal = "User:" + before + at(document, "metadata", "name");
      for (Object acl : (List<?>) at(document, "spec", "authorization", "acls")) {
        ResourcePattern resource =
            new ResourcePattern(
                TYPES.get(at(acl, "resource", "type")),
                (String) at(acl, "resource", "name"),
                at(acl, "resource", "patternType").equals("prefix")
                    ? PatternType.PREFIXED
                    : PatternType.LITERAL);
        for (Object operation : (List<?>) at(acl, "operations")) {
          bindings.add(binding(resource, principal, (String) operation));
        }
      }
    }
    return bindings;
  }

  /** A value deep in a document. */
  static Object at(Object document, String... path) {
    Object value = document;
    for (String name : path) {
      value = ((Map<?, ?>) value).get(name);
    }
    return value;
  }

  private static AclBinding binding(ResourcePattern resource, String principal, String operation) {
    return new AclBinding(
        resource,
        new AccessControlEntry(
            principal, "*", SecurityUtils.operation(operation), AclPermissionType.ALLOW));
  }
}
