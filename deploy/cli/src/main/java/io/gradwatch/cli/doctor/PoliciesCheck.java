package io.gradwatch.cli.doctor;

import io.gradwatch.cli.kafka.PublishedPolicies;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Does the job take every published policy? */
final class PoliciesCheck implements Check {
  private static final int MOST_TOLD = 20;

  private final Site site;

  PoliciesCheck(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "policies";
  }

  @Override
  public List<Finding> examine() throws ExecutionException, InterruptedException {
    if (!site.admin().listTopics().names().get().contains(Topics.POLICIES)) {
      return List.of();
    }
    PublishedPolicies policies = PublishedPolicies.read(site.kafka().settings(), site.registry());
    return judge(policies.byKey().size(), policies.refused());
  }

  List<Finding> judge(int taken, List<PublishedPolicies.Refused> refused) {
    List<Finding> findings = new ArrayList<>();
    for (PublishedPolicies.Refused one : refused.stream().limit(MOST_TOLD).toList()) {
      findings.add(
          Finding.problem(
              name(),
              one.place(),
              one.reason(),
              "a policy that the job takes; the last valid one stays in force",
              "publish a valid one under the same scope and name: "
                  + site.remedies().gradwatch("policy", "publish", "FILE.yaml")));
    }
    if (refused.isEmpty()) {
      findings.add(Finding.ok(name(), Topics.POLICIES, taken + " published, none refused", ""));
    }
    return findings;
  }
}
