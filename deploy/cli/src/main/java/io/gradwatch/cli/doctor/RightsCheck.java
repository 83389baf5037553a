package io.gradwatch.cli.doctor;

import static java.util.Objects.requireNonNull;

import io.gradwatch.agent.Counted;
import io.gradwatch.cli.access.Right;
import io.gradwatch.cli.access.RightsCatalogue;
import io.gradwatch.cli.access.Role;
import io.gradwatch.cli.terminal.Shell;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.TopicSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import org.jspecify.annotations.Nullable;

/** May the present principal do what its part needs? */
final class RightsCheck implements Check {
  private final Site site;
  private final Role role;

  RightsCheck(Site site, Role role) {
    this.site = site;
    this.role = role;
  }

  @Override
  public String name() {
    return "acls";
  }

  @Override
  public List<Finding> examine() throws ExecutionException, InterruptedException {
    if (!hasAuthorizer()) {
      return List.of(
          Finding.note(
              name(),
              "authorizer",
              "the brokers have none: whoever reaches them may read and write everything",
              "",
              "set authorizer.class.name at the brokers where others can reach them, and give the"
                  + " rights that `gradwatch acls --print` prints"));
    }
    Map<ResourcePattern, Set<AclOperation>> granted = topics();
    granted.putAll(groups());
    return judge(granted);
  }

  private boolean hasAuthorizer() throws ExecutionException, InterruptedException {
    try {
      site.admin().describeAcls(AclBindingFilter.ANY).values().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SecurityDisabledException) {
        return false;
      }
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw e;
      }
    }
    return true;
  }

  private Map<ResourcePattern, Set<AclOperation>> topics()
      throws ExecutionException, InterruptedException {
    List<String> names = site.specs().stream().map(TopicSpec::name).toList();
    Map<String, KafkaFuture<TopicDescription>> told =
        site.admin()
            .describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    Map<ResourcePattern, Set<AclOperation>> granted = empty();
    for (String name : names) {
      try {
        granted.put(
            literal(ResourceType.TOPIC, name),
            orNone(requireNonNull(told.get(name)).get().authorizedOperations()));
      } catch (ExecutionException e) {
        if (e.getCause() instanceof AuthorizationException) {
          granted.put(literal(ResourceType.TOPIC, name), Set.of());
        } else if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    return granted;
  }

  private Map<ResourcePattern, Set<AclOperation>> groups()
      throws ExecutionException, InterruptedException {
    Map<ResourcePattern, Set<AclOperation>> granted = empty();
    for (Right right : rights()) {
      if (right.resource().resourceType() == ResourceType.GROUP) {
        String group = right.resource().name();
        try {
          granted.put(
              literal(ResourceType.GROUP, group), orNone(site.group(group).authorizedOperations()));
        } catch (ExecutionException e) {
          if (e.getCause() instanceof AuthorizationException) {
            granted.put(literal(ResourceType.GROUP, group), Set.of());
          } else if (!(e.getCause() instanceof GroupIdNotFoundException)) {
            throw e;
          }
        }
      }
    }
    return granted;
  }

  /** What is granted on each resource that is there, against what the part needs of it. */
  List<Finding> judge(Map<ResourcePattern, Set<AclOperation>> granted) {
    List<Finding> findings = new ArrayList<>();
    int held = 0;
    for (Right right : rights()) {
      if (right.resource().resourceType() == ResourceType.TRANSACTIONAL_ID) {
        findings.add(
            Finding.note(
                name(),
                right.resource().name() + "*",
                "Kafka does not tell rights on transactional ids",
                SecurityUtils.operationName(right.operation()) + ", " + right.purpose(),
                ""));
      }
      for (var one : granted.entrySet()) {
        if (covers(right.resource(), one.getKey())) {
          if (one.getValue().contains(right.operation())) {
            held++;
          } else {
            findings.add(lacking(right, one.getKey().name()));
          }
        }
      }
    }
    if (held > 0) {
      findings.add(
          Finding.ok(
              name(),
              "as " + word(),
              Counted.of(held, "right")
                  + " on "
                  + Counted.of(granted.size(), "resource")
                  + (held == 1 ? " is" : " are")
                  + " there",
              ""));
    }
    return findings;
  }

  private Finding lacking(Right right, String name) {
    return Finding.problem(
        name(),
        name,
        "this principal lacks " + SecurityUtils.operationName(right.operation()),
        right.purpose(),
        "as Kafka's administrator, run what `"
            + print()
            + "` prints; --"
            + word()
            + " NAME names this principal where it has not the default name");
  }

  private String word() {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /** Prints the rights that were asked for here; the administrator's settings are not known. */
  private String print() {
    List<String> words =
        new ArrayList<>(
            List.of(
                "gradwatch",
                "acls",
                "--print",
                "--role",
                word(),
                "--project",
                String.join(",", site.projects()),
                "--group-id",
                site.job().get(JobOptions.GROUP_ID),
                "--transactional-id-prefix",
                site.job().get(JobOptions.TRANSACTIONAL_ID_PREFIX)));
    if (!site.job().get(JobOptions.CREATE_TOPICS)) {
      words.add("--no-create-topics");
    }
    words.addAll(List.of("--bootstrap-server", site.kafka().bootstrapServer()));
    return Shell.command(words);
  }

  private static boolean covers(ResourcePattern right, ResourcePattern resource) {
    return right.resourceType() == resource.resourceType()
        && (right.patternType() == PatternType.PREFIXED
            ? resource.name().startsWith(right.name())
            : resource.name().equals(right.name()));
  }

  private List<Right> rights() {
    RightsCatalogue catalogue =
        new RightsCatalogue(
            site.job().get(JobOptions.GROUP_ID),
            site.job().get(JobOptions.TRANSACTIONAL_ID_PREFIX),
            site.job().get(JobOptions.CREATE_TOPICS));
    return switch (role) {
      case TRAINER ->
          site.projects().stream().flatMap(project -> catalogue.trainer(project).stream()).toList();
      case JOB -> catalogue.job();
      case CONSOLE -> catalogue.console();
      case ROUTER -> catalogue.router();
      case OPERATOR -> catalogue.operator();
    };
  }

  private static Set<AclOperation> orNone(@Nullable Set<AclOperation> told) {
    return told == null ? Set.of() : told;
  }

  private static ResourcePattern literal(ResourceType type, String name) {
    return new ResourcePattern(type, name, PatternType.LITERAL);
  }

  private static Map<ResourcePattern, Set<AclOperation>> empty() {
    return new TreeMap<>(Comparator.comparing(ResourcePattern::name));
  }
}
