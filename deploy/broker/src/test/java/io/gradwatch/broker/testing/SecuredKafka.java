package io.gradwatch.broker.testing;

import io.gradwatch.broker.BrokerOptions;
import io.gradwatch.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/**
 * The embedded broker with ACLs on, which allows nothing that no ACL allows, and three doors: one
 * for SCRAM over TLS, one for TLS with certificates of clients, and the one of {@link
 * #bootstrapServers()} without either, through which the test itself comes as the administrator.
 */
public final class SecuredKafka implements KafkaCluster {
  private static final String SCRAM = "SCRAM";
  private static final String MUTUAL_TLS = "MUTUAL";
  private static final int ITERATIONS = 4096; // the fewest that Kafka takes

  private final Certificates certificates;
  private final EmbeddedBroker broker;

  private final Set<String> users = new HashSet<>();

  private SecuredKafka(Certificates certificates, EmbeddedBroker broker) {
    this.certificates = certificates;
    this.broker = broker;
  }

  /**
   * Starts it on any free ports.
   *
   * @param folder for the certificates
   */
  public static SecuredKafka start(Path folder) {
    Certificates certificates = new Certificates(folder);
    Map<String, String> settings = new HashMap<>(certificates.trust());
    settings.putAll(certificates.identity("broker"));
    settings.put("authorizer.class.name", RecordingAuthorizer.class.getName());
    settings.put("super.users", "User:ANONYMOUS");
    settings.put("allow.everyone.if.no.acl.found", "false");
    settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
    settings.put(
        "listener.name.scram.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    settings.put("listener.name.mutual.ssl.client.auth", "required");
    try {
      return new SecuredKafka(
          certificates,
          EmbeddedBroker.start(
              BrokerOptions.temporary()
                  .withListener(SCRAM, "SASL_SSL")
                  .withListener(MUTUAL_TLS, "SSL")
                  .withSettings(settings)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the embedded broker", e);
    }
  }

  @Override
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Makes a SCRAM user, who can log in when this returns. Does nothing twice. */
  public void addUser(String name, String password) {
    if (!users.add(name)) {
      return;
    }
    try (Admin admin = admin()) {
      await(
          admin
              .alterUserScramCredentials(
                  List.of(
                      new UserScramCredentialUpsertion(
                          name,
                          new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
                          password)))
              .all());
    }
    // The controller has it; the broker learns it from there.
    try (Admin user = Admin.create(new HashMap<String, Object>(scram(name, password)))) {
      retry(
          "the broker to let %s in".formatted(name),
          () -> user.describeCluster().nodes().get(),
          nodes -> true);
    }
  }

  /** Settings of a client that logs in with a password; its principal is the name. */
  public Map<String, String> scram(String name, String password) {
    Map<String, String> settings = new HashMap<>(certificates.trust());
    settings.put("bootstrap.servers", broker.bootstrapServers(SCRAM));
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "SCRAM-SHA-512");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(name, password));
    return settings;
  }

  /** Settings of a client that shows a certificate; its principal is {@code CN=} and the name. */
  public Map<String, String> mutualTls(String name) {
    Map<String, String> settings = new HashMap<>(certificates.trust());
    settings.putAll(certificates.identity(name));
    settings.put("bootstrap.servers", broker.bootstrapServers(MUTUAL_TLS));
    settings.put("security.protocol", "SSL");
    return settings;
  }

  /** Gives rights, which hold when this returns. */
  public void allow(Collection<AclBinding> rights) {
    try (Admin admin = admin()) {
      await(admin.createAcls(rights).all());
      retry(
          "the broker to learn of rights",
          () -> admin.describeAcls(AclBindingFilter.ANY).values().get(),
          known -> known.containsAll(rights));
    }
  }

  /** Takes rights back; they are gone when this returns. */
  public void forbid(Collection<AclBinding> rights) {
    try (Admin admin = admin()) {
      await(admin.deleteAcls(rights.stream().map(AclBinding::toFilter).toList()).all());
      retry(
          "the broker to learn of rights",
          () -> admin.describeAcls(AclBindingFilter.ANY).values().get(),
          known -> Collections.disjoint(known, rights));
    }
  }

  /** Asks the broker until it answers, and as it should. */
  private static <T> void retry(String what, Callable<T> question, Predicate<T> enough) {
    Await.until(
        what,
        () -> {
          try {
            return enough.test(question.call());
          } catch (ExecutionException notYet) {
            return false;
          }
        });
  }

  /** Everything that clients of this process's brokers were allowed or refused, each once. */
  public Set<Asked> asked() {
    return RecordingAuthorizer.asked();
  }

  private static void await(KafkaFuture<?> future) {
    try {
      future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker refused", e);
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
