package io.gradwatch.cli.doctor;

import io.gradwatch.cli.access.Role;
import io.gradwatch.cli.kafka.Excerpt;
import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.cli.kafka.RegistryAccess;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.Topics;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/** Looks at all of an installation, and takes a bounded time for it, whatever does not answer. */
public final class Doctor {
  /** Most projects looked at when none is named. */
  private static final int MOST_PROJECTS = 20;

  /** Longest time for one check. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Longest time for reading records of one topic. */
  private static final Duration READING = Duration.ofSeconds(10);

  private final KafkaAccess kafka;
  private final JobOptions job;
  private final Role role;
  private final int samples;
  private final @Nullable SchemaRegistry registry;

  /**
   * @param job the options with which the job was started
   * @param role the part that the present principal plays
   * @param samples most events of a project, and most dead letters, that are read
   * @param registry where ids of Confluent framing are looked up; null: nowhere
   */
  public Doctor(
      KafkaAccess kafka,
      JobOptions job,
      Role role,
      int samples,
      @Nullable SchemaRegistry registry) {
    this.kafka = kafka;
    this.job = job;
    this.role = role;
    this.samples = samples;
    this.registry = registry;
  }

  /**
   * What all checks find, in the order of the checks.
   *
   * @param named the projects to look at; empty: all that have an event topic, else the default one
   */
  public List<Finding> examine(Set<String> named) throws InterruptedException {
    try (Admin admin = Admin.create(kafka.settings())) {
      Set<String> topics = admin.listTopics().names().get();
      List<String> projects = named.isEmpty() ? projects(topics) : List.copyOf(named);
      Site site =
          new Site(admin, kafka, job, projects.stream().limit(MOST_PROJECTS).toList(), registry);
      List<Finding> findings = new ArrayList<>(examine(checks(site)));
      if (projects.size() > MOST_PROJECTS) {
        findings.add(
            Finding.note(
                "topics",
                "projects",
                "only the first " + MOST_PROJECTS + " of " + projects.size() + " were looked at",
                "",
                "name others with --project"));
      }
      return findings;
    } catch (ExecutionException e) {
      return List.of(unreachable(e.getCause() == null ? e : e.getCause()));
    } catch (KafkaException e) {
      return List.of(unreachable(e));
    }
  }

  private Finding unreachable(Throwable cause) {
    return Finding.problem(
        "brokers",
        kafka.bootstrapServer(),
        String.valueOf(kafka.failure(cause).getMessage()),
        "a broker answers",
        "check --bootstrap-server, that a broker runs there, and security.protocol, TLS and SASL"
            + " in --command-config");
  }

  private static List<String> projects(Set<String> topics) {
    List<String> found =
        topics.stream()
            .filter(Topics.EVENTS_PATTERN.asMatchPredicate())
            .map(Topics::project)
            .sorted()
            .toList();
    return found.isEmpty() ? List.of(Topics.DEFAULT_PROJECT) : found;
  }

  private List<Check> checks(Site site) {
    Excerpt excerpt = new Excerpt(kafka.settings(), READING);
    Samples events = new Samples(site, excerpt, samples);
    return List.of(
        new BrokersCheck(site),
        new TopicsCheck(site),
        new RightsCheck(site, role),
        new TransactionsCheck(site),
        new SchemasCheck(site, events),
        new ClocksCheck(site, events),
        new LagCheck(site, excerpt),
        new DeadLettersCheck(site, excerpt, samples),
        new PoliciesCheck(site));
  }

  static List<Finding> examine(List<Check> checks) throws InterruptedException {
    // A thread each: one that hangs must not hold up the next.
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "doctor");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Finding> findings = new ArrayList<>();
      for (Check check : checks) {
        findings.addAll(examine(check, threads.submit(check::examine)));
      }
      return findings;
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Finding> examine(Check check, Future<List<Finding>> future)
      throws InterruptedException {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      return List.of(
          Finding.problem(
              check.name(),
              "",
              "Kafka gave no answer within " + PATIENCE.toSeconds() + " s",
              "",
              "look at the brokers, then ask again"));
    } catch (ExecutionException e) {
      return List.of(refused(check, root(e)));
    }
  }

  /** Kafka's own word for why; a fault of ours, too, leaves the others their findings. */
  private static Finding refused(Check check, Throwable cause) {
    if (cause instanceof AuthorizationException) {
      return Finding.note(
          check.name(),
          "",
          "this principal may not look: " + cause.getMessage(),
          "",
          "ask as one that may, or leave it");
    }
    if (cause instanceof KafkaException) {
      return Finding.problem(
          check.name(), "", String.valueOf(cause), "", "look at the brokers, then ask again");
    }
    if (cause instanceof UncheckedIOException failure) {
      return Finding.problem(
          check.name(),
          "",
          RegistryAccess.reason(failure),
          "a schema registry that answers: Confluent framing cannot be read without it",
          "look at the registry and --registry, then ask again");
    }
    StackTraceElement[] trace = cause.getStackTrace();
    return Finding.problem(
        check.name(),
        "",
        "this check failed by a fault of its own: "
            + cause
            + (trace.length == 0 ? "" : " at " + trace[0]),
        "",
        "report it with this line; what the other checks found stands");
  }

  private static Throwable root(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof ExecutionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
