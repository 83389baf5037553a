package io.gradwatch.jobs.options;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.gradwatch.jobs.functions.WireFormat;
import io.gradwatch.jobs.records.DeadLetters;
import io.gradwatch.schemas.KafkaSecrets;
import io.gradwatch.schemas.KafkaTransport;
import io.gradwatch.schemas.Topics;
import io.gradwatch.schemas.registry.RegistryLogin;
import io.gradwatch.schemas.registry.RegistryOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.base.DeliveryGuarantee;

/** The catalogue of the job's options, and one choice of them, checked as a whole. */
public final class JobOptions {
  /** What every option's name begins with. */
  public static final String PREFIX = "gradwatch.";

  /** Settings under this prefix go to every Kafka client as they are, without the prefix. */
  public static final String KAFKA_PREFIX = PREFIX + "kafka.";

  /** Brokers accept no longer transactions by default (transaction.max.timeout.ms). */
  private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(15);

  /** Producers send nothing larger than their buffer.memory, by Kafka's default. */
  private static final MemorySize LARGEST_DEAD_LETTER = MemorySize.parse("32mb");

  private static final List<JobOption<?>> CATALOGUE = new ArrayList<>();

  public static final JobOption<String> BOOTSTRAP_SERVERS =
      option(
          key(PREFIX + "bootstrap-servers")
              .stringType()
              .noDefaultValue()
              .withDescription("Kafka's addresses, host:port with commas between."),
          servers -> !servers.isBlank(),
          "host:port with commas between");

  public static final JobOption<Boolean> ALLOW_PLAINTEXT =
      option(
          key(PREFIX + "allow-plaintext")
              .booleanType()
              .defaultValue(false)
              .withDescription(
                  "Whether to talk to Kafka on other machines without TLS"
                      + " (gradwatch.kafka.security.protocol PLAINTEXT or SASL_PLAINTEXT), and to"
                      + " a registry by http."),
          allow -> true,
          "true or false");

  public static final JobOption<String> GROUP_ID =
      option(
          key(PREFIX + "group-id")
              .stringType()
              .defaultValue("gradwatch")
              .withDescription(
                  "Consumer group under which the job commits how far it has come; for monitoring"
                      + " of the lag, and for start-from COMMITTED."),
          group -> !group.isBlank(),
          "not blank");

  public static final JobOption<StartFrom> START_FROM =
      option(
          key(PREFIX + "start-from")
              .enumType(StartFrom.class)
              .defaultValue(StartFrom.EARLIEST)
              .withDescription("Where a job that restores nothing begins to read."),
          start -> true,
          "EARLIEST, LATEST or COMMITTED");

  public static final JobOption<Duration> DISCOVERY_INTERVAL =
      option(
          key(PREFIX + "discovery-interval")
              .durationType()
              .defaultValue(Duration.ofSeconds(30))
              .withDescription(
                  "How often to look for topics of new projects. Keep it longer than brokers take to"
                      + " tell where new partitions begin, or they are read twice (FLINK-40615)."),
          interval -> interval.compareTo(Duration.ofSeconds(1)) >= 0,
          "at least 1 s");

  public static final JobOption<String> POLICY_TOPIC =
      option(
          key(PREFIX + "policy-topic")
              .stringType()
              .defaultValue(Topics.POLICIES)
              .withDescription(
                  "Topic of the policies; another for a job that tries some out beside the one on"
                      + " duty."),
          topic -> topic.matches("[a-zA-Z0-9._-]{1,249}"),
          "a topic's name");

  public static final JobOption<Duration> POLICY_TIMEOUT =
      option(
          key(PREFIX + "policy-timeout")
              .durationType()
              .defaultValue(Duration.ofMinutes(1))
              .withDescription(
                  "How long a task may take to read the policies before its first event; after that"
                      + " the job restarts."),
          timeout -> timeout.compareTo(Duration.ofSeconds(1)) >= 0,
          "at least 1 s");

  public static final JobOption<Boolean> CREATE_TOPICS =
      option(
          key(PREFIX + "create-topics")
              .booleanType()
              .defaultValue(true)
              .withDescription(
                  "Whether to create the output topics of a project that has an event topic only."
                      + " Without them the project is not watched."),
          create -> true,
          "true or false");

  public static final JobOption<DeliveryGuarantee> STATISTICS_GUARANTEE =
      option(
          key(PREFIX + "statistics-guarantee")
              .enumType(DeliveryGuarantee.class)
              .defaultValue(DeliveryGuarantee.EXACTLY_ONCE)
              .withDescription(
                  "Delivery of statistics; exactly-once shows them with each checkpoint, to readers"
                      + " of committed records."),
          guarantee -> guarantee != DeliveryGuarantee.NONE,
          "exactly-once or at-least-once");

  public static final JobOption<String> TRANSACTIONAL_ID_PREFIX =
      option(
          key(PREFIX + "transactional-id-prefix")
              .stringType()
              .defaultValue("gradwatch")
              .withDescription(
                  "Begin of the transactional ids; another for every job on the same Kafka."),
          prefix -> !prefix.isBlank(),
          "not blank");

  public static final JobOption<Duration> TRANSACTION_TIMEOUT =
      option(
          key(PREFIX + "transaction-timeout")
              .durationType()
              .defaultValue(Duration.ofMinutes(10))
              .withDescription(
                  "How long the broker waits for the checkpoint that ends a transaction; a job that"
                      + " is down for longer loses statistics of its last interval."),
          timeout ->
              timeout.compareTo(Duration.ofSeconds(10)) >= 0
                  && timeout.compareTo(LONGEST_TRANSACTION) <= 0,
          "10 s to 15 min and more than three checkpoint intervals");

  public static final JobOption<Duration> CHECKPOINT_INTERVAL =
      option(
          key(PREFIX + "checkpoint-interval")
              .durationType()
              .defaultValue(Duration.ofSeconds(10))
              .withDescription(
                  "Time between checkpoints, where execution.checkpointing.interval is not set."),
          interval -> interval.compareTo(Duration.ofMillis(100)) >= 0,
          "at least 100 ms");

  public static final JobOption<Duration> DELIVERY_TIMEOUT =
      option(
          key(PREFIX + "delivery-timeout")
              .durationType()
              .defaultValue(Duration.ofMinutes(2))
              .withDescription(
                  "How long to try to write a record before the job restarts from its checkpoint."),
          timeout -> timeout.compareTo(Duration.ofSeconds(1)) >= 0,
          "at least 1 s");

  public static final JobOption<MemorySize> DEAD_LETTER_MAX_SIZE =
      option(
          key(PREFIX + "dead-letter-max-size")
              .memoryType()
              .defaultValue(MemorySize.parse("1000kb"))
              .withDescription(
                  "Most bytes of a dead letter, as Kafka counts them: what is more of key, value and"
                      + " headers of a refused record is cut; at most the topic's"
                      + " max.message.bytes, 1 MiB by Kafka's default."),
          size ->
              size.getBytes() >= DeadLetters.MIN_BYTES && size.compareTo(LARGEST_DEAD_LETTER) <= 0,
          "4 kb to 32 mb");

  public static final JobOption<DeadLetterFailure> DEAD_LETTER_FAILURE =
      option(
          key(PREFIX + "dead-letter-failure")
              .enumType(DeadLetterFailure.class)
              .defaultValue(DeadLetterFailure.FAIL)
              .withDescription(
                  "What happens when a dead letter cannot be written: the job fails (FAIL), or the"
                      + " letter is lost and counted in the metric deadLettersLost (COUNT)."),
          failure -> true,
          "FAIL or COUNT");

  public static final JobOption<Duration> RUN_EXPIRY =
      option(
          key(PREFIX + "run-expiry")
              .durationType()
              .defaultValue(Duration.ofDays(7))
              .withDescription(
                  "Time without an event after which a run is forgotten, ended or not: its state is"
                      + " dropped, and alarms that are open resolve as RUN_ENDED. As long as events"
                      + " are kept: what comes again later would count as a new run."),
          expiry -> expiry.compareTo(Duration.ofMinutes(1)) >= 0,
          "at least 1 min");

  public static final JobOption<Integer> MAX_RUNS =
      option(
          key(PREFIX + "max-runs")
              .intType()
              .defaultValue(20_000)
              .withDescription(
                  "Most runs of one project that are under way in a task; those that ended take no"
                      + " place. Events of further runs are dropped and counted in the metric"
                      + " eventsOfRunsOverLimit until others end or expire. All runs that are"
                      + " remembered, ended ones too until they expire, are bounded likewise by"
                      + " ten times as many."),
          runs -> runs >= 1,
          "at least 1");

  public static final JobOption<Integer> MAX_WARNINGS =
      option(
          key(PREFIX + "max-warnings")
              .intType()
              .defaultValue(600)
              .withDescription(
                  "Most records of alarms below CRITICAL that a task writes for one project within"
                      + " a minute of its events' time. Further ones are dropped and counted in the metric"
                      + " warningsOverRate; pages and resolutions never are."),
          warnings -> warnings >= 0,
          "at least 0");

  public static final JobOption<Integer> HELD_RUNS =
      option(
          key(PREFIX + "held-runs")
              .intType()
              .defaultValue(4_000)
              .withDescription(
                  "Runs whose state a task holds as objects from one checkpoint to the next where"
                      + " the state backend keeps bytes (RocksDB). Each takes some 15 KB and 150 to"
                      + " 450 bytes a layer of the task's heap. Those that find no room are read"
                      + " and written for every event. 0: all are."),
          runs -> runs >= 0,
          "at least 0");

  public static final JobOption<String> REGISTRY_URL =
      option(
          key(PREFIX + "registry.url")
              .stringType()
              .defaultValue("")
              .withDescription(
                  "Schema registry with Confluent's API, for records in Confluent framing: where it"
                      + " answers, up to what comes before /subjects; several are tried in turn."
                      + " None: such records are refused."),
          url -> true,
          "https://HOST:PORT/PATH with commas between");

  public static final JobOption<Boolean> REGISTRY_WRITE =
      option(
          key(PREFIX + "registry.write")
              .booleanType()
              .defaultValue(false)
              .withDescription(
                  "Whether alarms, recommendations, statistics and incidents are written in"
                      + " Confluent framing, their schemas registered as subject TOPIC-value. Every"
                      + " reader of them then needs the registry."),
          write -> true,
          "true or false");

  public static final JobOption<String> REGISTRY_BASIC_AUTH =
      option(
          key(PREFIX + "registry.basic-auth")
              .stringType()
              .defaultValue("")
              .withDescription("Login at the registry, its password by reference."),
          login -> true,
          "USER:${file:/PATH:NAME} or USER:${env:NAME}");

  public static final JobOption<String> REGISTRY_BEARER_TOKEN =
      option(
          key(PREFIX + "registry.bearer-token")
              .stringType()
              .defaultValue("")
              .withDescription(
                  "The same as a token, read anew for each question: it may be changed while the job"
                      + " runs."),
          token -> true,
          "${file:/PATH:NAME} or ${env:NAME}");

  public static final JobOption<String> REGISTRY_CA_FILE =
      option(
          key(PREFIX + "registry.ca-file")
              .stringType()
              .defaultValue("")
              .withDescription(
                  "Certificates of the authorities to believe, on the machines of all tasks."
                      + " None: those that Java believes."),
          file -> true,
          "a PEM file");

  public static final JobOption<Duration> REGISTRY_TIMEOUT =
      option(
          key(PREFIX + "registry.timeout")
              .durationType()
              .defaultValue(RegistryOptions.DEFAULT_TIMEOUT)
              .withDescription(
                  "Longest wait for an answer of the registry. Each of its URLs is tried three"
                      + " times; after that the job restarts."),
          timeout ->
              timeout.compareTo(Duration.ofMillis(100)) >= 0
                  && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
          "100 ms to 1 min");

  /** Settings of Kafka clients that an option decides, to that option. */
  private static final Map<String, JobOption<?>> DECIDED =
      Map.of(
          KAFKA_PREFIX + "max.request.size", DEAD_LETTER_MAX_SIZE,
          KAFKA_PREFIX + "delivery.timeout.ms", DELIVERY_TIMEOUT,
          KAFKA_PREFIX + "max.block.ms", DELIVERY_TIMEOUT,
          KAFKA_PREFIX + "transaction.timeout.ms", TRANSACTION_TIMEOUT);

  private final Configuration chosen;

  private JobOptions(Configuration chosen) {
    this.chosen = chosen;
  }

  /**
   * A choice of options; those not named have their defaults.
   *
   * @param values full option names to values, settings of Kafka clients among them
   * @throws IllegalArgumentException when an option is unknown or its value is refused; the message
   *     gives name, value and bound
   */
  public static JobOptions of(Map<String, String> values) {
    Set<String> known = CATALOGUE.stream().map(JobOption::name).collect(Collectors.toSet());
    for (String name : values.keySet()) {
      if (DECIDED.containsKey(name)) {
        throw new IllegalArgumentException(
            "%s is '%s', must not be set; use %s"
                .formatted(name, values.get(name), DECIDED.get(name).name()));
      }
      if (!known.contains(name) && !name.startsWith(KAFKA_PREFIX)) {
        throw new IllegalArgumentException(
            name
                + " is no option of this job, must be "
                + KAFKA_PREFIX
                + "* or one of "
                + CATALOGUE.stream().map(JobOption::name).collect(Collectors.joining(", ")));
      }
    }
    JobOptions options = new JobOptions(Configuration.fromMap(new LinkedHashMap<>(values)));
    CATALOGUE.forEach(options::get);
    options.requireWithinTransaction(CHECKPOINT_INTERVAL.name(), options.get(CHECKPOINT_INTERVAL));
    var unused = options.wire();
    if (!options.get(ALLOW_PLAINTEXT)) {
      KafkaTransport.requireTls(options.kafka(), "or set " + ALLOW_PLAINTEXT.name() + " to true");
    }
    return options;
  }

  /**
   * Checks a time between checkpoints: with more than three of them to a transaction's timeout, one
   * late checkpoint does not make the broker end the transaction, which would lose statistics.
   *
   * @param name the setting it is from
   * @throws IllegalArgumentException when it is out of bounds; the message gives name, value and
   *     bound
   */
  public void requireWithinTransaction(String name, Duration interval) {
    Duration timeout = get(TRANSACTION_TIMEOUT);
    if (interval.compareTo(timeout.dividedBy(3)) >= 0) {
      throw new IllegalArgumentException(
          "%s is '%s', must be below a third of %s, which is '%s'"
              .formatted(name, interval, TRANSACTION_TIMEOUT.name(), timeout));
    }
  }

  /** All options, in the order of the documentation. */
  public static List<JobOption<?>> catalogue() {
    return List.copyOf(CATALOGUE);
  }

  /** The value of one option. */
  public <T> T get(JobOption<T> option) {
    return option.read(chosen);
  }

  /**
   * Settings for every Kafka client: the addresses and whatever was given under the prefix, with
   * references to secrets as they are.
   */
  public Properties kafka() {
    Properties kafka = new Properties();
    chosen
        .toMap()
        .forEach(
            (name, value) -> {
              if (name.startsWith(KAFKA_PREFIX)) {
                kafka.setProperty(name.substring(KAFKA_PREFIX.length()), value);
              }
            });
    kafka.setProperty("bootstrap.servers", get(BOOTSTRAP_SERVERS));
    kafka.putAll(KafkaSecrets.providers(kafka));
    return kafka;
  }

  /**
   * The framings that were chosen.
   *
   * @throws IllegalArgumentException when they, or how the registry is reached, cannot be; the
   *     message has no secret
   */
  public WireFormat wire() {
    String url = get(REGISTRY_URL);
    if (url.isBlank()) {
      if (get(REGISTRY_WRITE)) {
        throw new IllegalArgumentException(
            "%s is 'true', and %s is not set, must be %s"
                .formatted(REGISTRY_WRITE.name(), REGISTRY_URL.name(), REGISTRY_URL.bound()));
      }
      return WireFormat.SINGLE_OBJECT;
    }
    Duration timeout = get(REGISTRY_TIMEOUT);
    return new WireFormat(
        RegistryOptions.of(url, get(ALLOW_PLAINTEXT))
            .withLogin(RegistryLogin.of(get(REGISTRY_BASIC_AUTH), get(REGISTRY_BEARER_TOKEN)))
            .withCaFile(get(REGISTRY_CA_FILE))
            .withTimeouts(timeout, timeout),
        get(REGISTRY_WRITE));
  }

  private static <T> JobOption<T> option(ConfigOption<T> option, Predicate<T> keeps, String bound) {
    JobOption<T> one = new JobOption<>(option, keeps, bound);
    CATALOGUE.add(one);
    return one;
  }
}
