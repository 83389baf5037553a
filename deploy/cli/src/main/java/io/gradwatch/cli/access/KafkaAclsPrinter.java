package io.gradwatch.cli.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
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
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/@%+=,-]+");

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
    StringBuilder command = new StringBuilder("kafka-acls.sh");
    connection.forEach(word -> append(command, word));
    append(command, "--add");
    append(command, "--allow-principal");
    append(command, grant.principal());
    for (Right right : rights) {
      append(command, "--operation");
      append(command, name(right.operation()));
    }
    append(command, option(resource.resourceType()));
    append(command, resource.name());
    if (resource.patternType() == PatternType.PREFIXED) {
      append(command, "--resource-pattern-type");
      append(command, "prefixed");
    }
    return command.toString();
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

  private static void append(StringBuilder command, String word) {
    command.append(' ').append(PLAIN.matcher(word).matches() ? word : quoted(word));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
