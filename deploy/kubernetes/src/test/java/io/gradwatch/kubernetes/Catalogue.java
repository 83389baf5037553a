package io.gradwatch.kubernetes;

import io.gradwatch.cli.access.Grant;
import io.gradwatch.cli.access.Right;
import io.gradwatch.cli.access.RightsCatalogue;
import io.gradwatch.cli.access.StrimziPrinter;
import io.gradwatch.cli.access.StrimziPrinter.Authentication;
import io.gradwatch.schemas.TopicSpec;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** What the programs say of topics and rights, as the chart's files have it. */
final class Catalogue {
  private static final String PROJECT = Topics.DEFAULT_PROJECT;

  private Catalogue() {}

  /**
   * {@code files/topics.yaml}: those of each project, by the begins of their names, and the rest.
   */
  static String topics() {
    List<Object> project = new ArrayList<>();
    for (TopicSpec spec : Topics.specs(PROJECT)) {
      String prefix = spec.name().substring(0, spec.name().length() - PROJECT.length());
      project.add(topic("prefix", prefix, spec));
    }
    List<Object> shared = new ArrayList<>();
    for (TopicSpec spec : Topics.allSpecs(PROJECT)) {
      if (!Topics.specs(PROJECT).contains(spec)) {
        shared.add(topic("name", spec.name(), spec));
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("project", project);
    all.put("shared", shared);
    return dump(all);
  }

  /** {@code files/rights.yaml}: Strimzi's ACLs by role, with what values decide in braces. */
  static String rights() {
    RightsCatalogue catalogue =
        new RightsCatalogue("{group-id}", "{transactional-id-prefix}", false);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("job", acls(catalogue.job()));
    all.put("console", acls(catalogue.console()));
    all.put("router", acls(catalogue.router()));
    all.put("operator", acls(catalogue.operator()));
    all.put("trainer", acls(catalogue.trainer(PROJECT)));
    return dump(all).replace(".v1." + PROJECT + "\n", ".v1.{project}\n");
  }

  private static Map<String, Object> topic(String key, String name, TopicSpec spec) {
    Map<String, Object> topic = new LinkedHashMap<>();
    topic.put(key, name);
    topic.put("partitions", spec.partitions());
    topic.put("config", spec.configs());
    return topic;
  }

  private static Object acls(List<Right> rights) {
    String printed =
        new StrimziPrinter("any", Authentication.TLS)
            .print(List.of(new Grant("any", "any", rights)));
    List<Object> acls = new ArrayList<>();
    Yaml.one(printed).nodes("spec", "authorization", "acls").forEach(acl -> acls.add(acl.map()));
    return acls;
  }

  private static String dump(Map<String, Object> all) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .build();
    return "# Written from the programs' catalogue; "
        + WrittenFilesTest.COMMAND
        + " writes it anew.\n"
        + new Dump(settings).dumpToString(all);
  }
}
