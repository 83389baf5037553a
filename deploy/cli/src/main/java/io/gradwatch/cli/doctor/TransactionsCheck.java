package io.gradwatch.cli.doctor;

import io.gradwatch.jobs.options.JobOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** Do the brokers grant the transactions in which the job writes statistics? */
final class TransactionsCheck implements Check {
  private static final String MAX_TIMEOUT = "transaction.max.timeout.ms";
  private static final String EXPIRATION = "transactional.id.expiration.ms";

  private final Site site;

  TransactionsCheck(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "transactions";
  }

  @Override
  public List<Finding> examine() throws ExecutionException, InterruptedException {
    if (site.job().get(JobOptions.STATISTICS_GUARANTEE) != DeliveryGuarantee.EXACTLY_ONCE) {
      return List.of(
          Finding.ok(name(), JobOptions.STATISTICS_GUARANTEE.name(), "no transactions", ""));
    }
    List<Finding> findings = new ArrayList<>(judge(least()));
    findings.addAll(hanging());
    return findings;
  }

  /** The smallest value of all brokers. */
  private Map<String, Long> least() throws ExecutionException, InterruptedException {
    Collection<Node> nodes = site.admin().describeCluster().nodes().get();
    List<ConfigResource> brokers =
        nodes.stream()
            .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
            .toList();
    Map<String, Long> least = new TreeMap<>();
    for (var config : site.admin().describeConfigs(brokers).all().get().values()) {
      for (String name : List.of(MAX_TIMEOUT, EXPIRATION)) {
        ConfigEntry entry = config.get(name);
        if (entry != null && entry.value() != null) {
          least.merge(name, Long.parseLong(entry.value()), Math::min);
        }
      }
    }
    return least;
  }

  List<Finding> judge(Map<String, Long> brokers) {
    long timeout = site.job().get(JobOptions.TRANSACTION_TIMEOUT).toMillis();
    List<Finding> findings = new ArrayList<>();
    brokers.forEach(
        (name, value) -> {
          boolean holds = name.equals(MAX_TIMEOUT) ? value >= timeout : value > timeout;
          String found = value + " ms";
          String bound =
              (name.equals(MAX_TIMEOUT) ? "at least " : "more than ")
                  + timeout
                  + " ms, the job's "
                  + JobOptions.TRANSACTION_TIMEOUT.name();
          findings.add(
              holds
                  ? Finding.ok(name(), name, found, bound)
                  : Finding.problem(
                      name(),
                      name,
                      found,
                      bound,
                      "raise it at the brokers (server.properties, restart), or start the job with"
                          + " -D"
                          + JobOptions.TRANSACTION_TIMEOUT.name()
                          + "="
                          + value / 2
                          + "ms"));
        });
    return findings;
  }

  /** Transactions that the brokers should have ended. */
  private List<Finding> hanging() throws ExecutionException, InterruptedException {
    long timeout = site.job().get(JobOptions.TRANSACTION_TIMEOUT).toMillis();
    String prefix = site.job().get(JobOptions.TRANSACTIONAL_ID_PREFIX) + "-statistics";
    List<Finding> findings = new ArrayList<>();
    var open =
        site.admin()
            .listTransactions(
                new ListTransactionsOptions()
                    .filterStates(Set.of(TransactionState.ONGOING))
                    .filterOnDuration(2 * timeout))
            .all()
            .get();
    for (var transaction : open) {
      if (transaction.transactionalId().startsWith(prefix)) {
        findings.add(
            Finding.problem(
                name(),
                transaction.transactionalId(),
                "open for more than twice its time-out: readers of statistics wait for it",
                "ended by the broker after " + timeout + " ms",
                site.remedies()
                        .kafka(
                            "kafka-transactions.sh",
                            "describe",
                            "--transactional-id",
                            transaction.transactionalId())
                    + ", then forceTerminateTransaction with the same tool"));
      }
    }
    return findings;
  }
}
