package io.gradwatch.broker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the secured broker of other tests refuses, before any of them relies on it. */
class SecuredKafkaIT {
  private static final String TOPIC = "topic";

  @TempDir private static Path folder;
  private static SecuredKafka kafka;

  @BeforeAll
  static void start() {
    kafka = SecuredKafka.start(folder);
    kafka.createTopic(TOPIC, 1);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void aUserWithItsPasswordMayDoWhatIsAllowedAndNothingElse() throws Exception {
    kafka.addUser("scram", "right");
    Map<String, String> client = kafka.scram("scram", "right");
    assertThatThrownBy(() -> send(client)).hasCauseInstanceOf(TopicAuthorizationException.class);
    kafka.allow(List.of(write("User:scram")));
    send(client);
    kafka.forbid(List.of(write("User:scram")));
    assertThatThrownBy(() -> send(client)).hasCauseInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void aCertificateIsAPrincipal() throws Exception {
    Map<String, String> client = kafka.mutualTls("certified");
    assertThatThrownBy(() -> send(client)).hasCauseInstanceOf(TopicAuthorizationException.class);
    kafka.allow(List.of(write("User:CN=certified")));
    send(client);
    assertThat(kafka.asked())
        .contains(
            new Asked(
                "User:CN=certified",
                AclOperation.WRITE,
                new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL),
                true));
  }

  @Test
  void whoCannotShowWhoItIsDoesNotComeIn() {
    kafka.addUser("known", "right");
    assertThatThrownBy(() -> send(kafka.scram("known", "wrong")))
        .hasCauseInstanceOf(SaslAuthenticationException.class);
    Map<String, String> bare = new HashMap<>(kafka.mutualTls("bare"));
    bare.keySet().removeIf(name -> name.startsWith("ssl.key"));
    assertThatThrownBy(() -> send(bare)).hasCauseInstanceOf(SslAuthenticationException.class);
  }

  private static AclBinding write(String principal) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL),
        new AccessControlEntry(principal, "*", AclOperation.WRITE, AclPermissionType.ALLOW));
  }

  private static void send(Map<String, String> client)
      throws ExecutionException, InterruptedException {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, KafkaCluster.PATIENCE.toMillis());
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, new byte[1])).get();
    }
  }
}
