package io.gradwatch.cli.access;

import io.gradwatch.cli.terminal.Shell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/**
 * Prints rights as commands for a shell, one a resource.
 *
 * @param connection how the commands reach Kafka: their options and values
 */
public record KafkaAclsPrinter(List<String> connection) {
  public KafkaAclsPrinter {
    connection = List.copyOf(connection);
  }

  /** The commands, with a line of comment before those of each principal. */
  public String print(List<Grant> grants) {
    StringBuilder text = new StringBuilder();
    for (Grant grant : grants) {
      text.append("# ").append(grant.description()).append(System.lineSeparator());
      byResource(grant)
          .forEach(
              (resource, rights) ->
                  text.append(command(grant, resource, rights)).append(System.lineSeparator()));
    }
    return text.toString();
  }

  private static Map<ResourcePattern, List<Right>> byResource(Grant grant) {
    return grant.rights().stream()
        .collect(Collectors.groupingBy(Right::resource, LinkedHashMap::new, Collectors.toList()));
  }

  private String command(Grant grant, ResourcePattern resource, List<Right> rights) {
    List<String> words = new ArrayList<>();
    words.add("kafka-acls.sh");
    words.addAll(connection);
    words.addAll(List.of("--add", "--allow-principal", grant.principal()));
    for (Right right : rights) {
      words.addAll(List.of("--operation", name(right.operation())));
    }
    words.addAll(List.of(option(resource.resourceType()), resource.name()));
    if (resource.patternType() == PatternType.PREFIXED) {
      words.addAll(List.of("--resource-pattern-type", "prefixed"));
    }
    return Shell.command(words);
  }

  private static String option(ResourceType type) {
    return type == ResourceType.TRANSACTIONAL_ID
        ? "--transactional-id"
        : "--" + type.name().toLowerCase(Locale.ROOT);
  }

  /** As Kafka's tools spell it: DescribeConfigs. */
  private static String name(AclOperation operation) {
    return SecurityUtils.operationName(operation);
  }
}
