package io.gradwatch.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.LoggerFactory;

/**
 * Kafka's own server in this process: one node, broker and controller in one, on the loopback
 * interface. Safe for use by several threads.
 *
 * <p>It is put together as {@code KafkaRaftServer} does it, with two differences: its sockets are
 * bound beforehand (see {@link LoopbackSockets}), and a fatal fault is logged instead of ending the
 * process, which is not the broker's alone.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Duration LEADER_TIMEOUT = Duration.ofSeconds(20);
  private static final long LEADER_PAUSE_MILLIS = 50;

  private static final int NODE_ID = 1;
  private static final String CONTROLLER_LISTENER = "CONTROLLER";

  private final DataFolder folder;
  private final LoopbackSockets sockets;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private final String bootstrapServers;
  private boolean closed;

  private EmbeddedBroker(DataFolder folder, LoopbackSockets sockets, BrokerOptions options)
      throws IOException {
    this.folder = folder;
    this.sockets = sockets;
    int brokerPort = sockets.bind(options.port());
    int controllerPort = sockets.bind(0);
    this.bootstrapServers = "127.0.0.1:" + brokerPort;
    format(folder.logs());
    KafkaConfig config =
        KafkaConfig.fromProps(settings(options, folder.logs(), brokerPort, controllerPort));
    var logDirs =
        KafkaRaftServer.initializeLogDirs(
            config, LoggerFactory.getLogger(EmbeddedBroker.class), "[EmbeddedBroker] ");
    FaultHandlerFactory faults = (name, fatal, action) -> new LoggingFaultHandler(name, action);
    SharedServer shared =
        new SharedServer(
            config,
            logDirs._1(),
            Time.SYSTEM,
            Server.initializeMetrics(config, Time.SYSTEM, logDirs._1().clusterId().orElseThrow()),
            CompletableFuture.completedFuture(
                Map.of(
                    NODE_ID,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), controllerPort))),
            List.of(),
            faults,
            sockets);
    this.broker = new BrokerServer(shared);
    this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), logDirs._2());
  }

  /**
   * Starts a broker and returns when it answers.
   *
   * @throws java.net.BindException when the fixed port is taken
   * @throws IOException when the data folder cannot be written or another broker uses it
   */
  public static EmbeddedBroker start(BrokerOptions options) throws IOException {
    DataFolder folder = DataFolder.open(options.dataFolder());
    LoopbackSockets sockets = new LoopbackSockets();
    EmbeddedBroker built;
    try {
      built = new EmbeddedBroker(folder, sockets, options);
    } catch (IOException | RuntimeException e) {
      sockets.close();
      folder.close();
      throw e;
    }
    boolean answers = false;
    try {
      built.controller.startup();
      built.broker.startup();
      answers = true;
      return built;
    } finally {
      if (!answers) {
        built.close();
      }
    }
  }

  /** Host and port, as clients want it in {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /**
   * Creates topics and returns when they can be written; one that is already there stays as it is.
   */
  public void createTopics(Collection<NewTopic> topics) {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      CreateTopicsResult result = admin.createTopics(topics);
      Map<TopicPartition, OffsetSpec> created = new HashMap<>();
      for (NewTopic topic : topics) {
        try {
          int partitions = result.numPartitions(topic.name()).get();
          for (int partition = 0; partition < partitions; partition++) {
            created.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
          }
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw new IllegalStateException("cannot create topic " + topic.name(), e);
          }
        }
      }
      // A leader that answers. Before that a producer with several requests in flight can have its
      // first one refused and its second one taken, and then repeats the first one in vain.
      awaitLeaders(created, admin);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot create topics", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topics", e);
    }
  }

  /** The same of a further door, see {@link BrokerOptions#withListener}. */
  public String bootstrapServers(String listener) {
    return "127.0.0.1:" + broker.boundPort(ListenerName.normalised(listener));
  }

  /** Where its records lie. */
  public Path dataFolder() {
    return folder.logs();
  }

  private static void awaitLeaders(Map<TopicPartition, OffsetSpec> partitions, Admin admin)
      throws ExecutionException, InterruptedException {
    long end = System.nanoTime() + LEADER_TIMEOUT.toNanos();
    while (true) {
      try {
        admin.listOffsets(partitions).all().get();
        return;
      } catch (ExecutionException e) {
        // A topic that was just created may still be unknown to the part of Kafka that is asked.
        if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > end) {
          throw e;
        }
      }
      TimeUnit.MILLISECONDS.sleep(LEADER_PAUSE_MILLIS);
    }
  }

  /** Stops the broker; deletes its data when the folder is temporary. Does nothing twice. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (folder) {
      broker.shutdown();
      controller.shutdown();
      broker.awaitShutdown();
      controller.awaitShutdown();
      sockets.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot close the sockets of the broker", e);
    }
  }

  /** Makes a folder that is new a node of a cluster of its own. */
  private static void format(Path logs) throws IOException {
    if (logs.resolve("meta.properties").toFile().exists()) {
      return;
    }
    try (PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(nowhere)
          .setNodeId(NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setControllerListenerName(CONTROLLER_LISTENER)
          .setMetadataLogDirectory(Optional.empty())
          .addDirectory(logs.toString())
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot format " + logs, e);
    }
  }

  private static Properties settings(
      BrokerOptions options, Path logs, int brokerPort, int controllerPort) {
    Properties settings = new Properties();
    settings.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", Integer.toString(NODE_ID)),
            Map.entry("log.dirs", logs.toString()),
            Map.entry("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort),
            Map.entry("controller.listener.names", CONTROLLER_LISTENER),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
                    + each(options, (name, protocol) -> name + ":" + protocol)),
            Map.entry(
                "listeners",
                "PLAINTEXT://127.0.0.1:"
                    + brokerPort
                    + ",CONTROLLER://127.0.0.1:"
                    + controllerPort
                    + each(options, (name, protocol) -> name + "://127.0.0.1:0")),
            Map.entry("auto.create.topics.enable", Boolean.toString(options.autoCreateTopics())),
            // One node holds everything, and few partitions are enough for the clients of one host.
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            // A new consumer group need not wait for company.
            Map.entry("group.initial.rebalance.delay.ms", "0")));
    settings.putAll(options.settings());
    return settings;
  }

  private static String each(BrokerOptions options, BinaryOperator<String> entry) {
    return options.listeners().entrySet().stream()
        .map(listener -> "," + entry.apply(listener.getKey(), listener.getValue()))
        .collect(Collectors.joining());
  }
}
