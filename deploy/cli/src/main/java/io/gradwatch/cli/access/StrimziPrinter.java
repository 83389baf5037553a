package io.gradwatch.cli.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Prints rights as resources of Strimzi's user operator ({@code KafkaUser}, API version v1), one a
 * principal. With TLS the operator makes certificates whose name is {@code CN=} and the resource's.
 *
 * @param cluster name of the {@code Kafka} resource
 * @param authentication how users show who they are
 */
public record StrimziPrinter(String cluster, Authentication authentication) {
  private static final Pattern KUBERNETES_NAME =
      Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  /** How users show who they are. */
  public enum Authentication {
    TLS("tls"),
    SCRAM_SHA_512("scram-sha-512");

    private final String type;

    Authentication(String type) {
      this.type = type;
    }

    /** As Strimzi spells it. */
    @Override
    public String toString() {
      return type;
    }
  }

  /**
   * The resources, as one YAML stream.
   *
   * @throws IllegalArgumentException when a principal's name is no name of a Kubernetes resource
   */
  public String print(List<Grant> grants) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setExplicitStart(true)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .build();
    List<Object> resources = new ArrayList<>();
    grants.forEach(grant -> resources.add(resource(grant)));
    return new Dump(settings).dumpAllToString(resources.iterator());
  }

  private Map<String, Object> resource(Grant grant) {
    if (!KUBERNETES_NAME.matcher(grant.name()).matches()) {
      throw new IllegalArgumentException(
          "principal is '"
              + grant.name()
              + "', must be lower-case letters, digits, dots and dashes for Strimzi, which names"
              + " the resource so");
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", grant.name());
    metadata.put("labels", Map.of("strimzi.io/cluster", cluster));
    metadata.put("annotations", Map.of("gradwatch.io/description", grant.description()));
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("authentication", Map.of("type", authentication.toString()));
    Map<String, Object> authorization = new LinkedHashMap<>();
    authorization.put("type", "simple");
    authorization.put("acls", acls(grant));
    spec.put("authorization", authorization);
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("apiVersion", "kafka.strimzi.io/v1");
    resource.put("kind", "KafkaUser");
    resource.put("metadata", metadata);
    resource.put("spec", spec);
    return resource;
  }

  private static List<Map<String, Object>> acls(Grant grant) {
    Map<ResourcePattern, List<String>> operations =
        grant.rights().stream()
            .collect(
                Collectors.groupingBy(
                    Right::resource,
                    LinkedHashMap::new,
                    Collectors.mapping(
                        right -> SecurityUtils.operationName(right.operation()),
                        Collectors.toList())));
    List<Map<String, Object>> acls = new ArrayList<>();
    operations.forEach(
        (pattern, names) -> {
          Map<String, Object> on = new LinkedHashMap<>();
          on.put("type", type(pattern.resourceType()));
          on.put("name", pattern.name());
          on.put(
              "patternType", pattern.patternType() == PatternType.PREFIXED ? "prefix" : "literal");
          Map<String, Object> acl = new LinkedHashMap<>();
          acl.put("resource", on);
          acl.put("operations", names);
          acls.add(acl);
        });
    return acls;
  }

  private static String type(ResourceType type) {
    return type == ResourceType.TRANSACTIONAL_ID
        ? "transactionalId"
        : type.name().toLowerCase(Locale.ROOT);
  }
}
