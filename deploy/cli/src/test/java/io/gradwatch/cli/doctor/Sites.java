package io.gradwatch.cli.doctor;

import io.gradwatch.cli.kafka.KafkaAccess;
import io.gradwatch.jobs.options.JobOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Sites whose Kafka is never asked. */
final class Sites {
  private Sites() {}

  /** Project vision on kafka:9093, and a job with these options beside the defaults. */
  static Site of(Map<String, String> jobOptions) {
    Holder holder = new Holder();
    new CommandLine(holder)
        .parseArgs("--bootstrap-server=kafka:9093", "--command-config=my admin.properties");
    Map<String, String> options = new HashMap<>(jobOptions);
    options.put(JobOptions.BOOTSTRAP_SERVERS.name(), "kafka:9093");
    options.put(JobOptions.ALLOW_PLAINTEXT.name(), "true");
    Admin never = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1"));
    never.close();
    return new Site(never, holder.kafka, JobOptions.of(options), List.of("vision"), null);
  }

  static Site plain() {
    return of(Map.of());
  }

  @Command
  private static final class Holder {
    @Mixin private KafkaAccess kafka = new KafkaAccess();
  }
}
