package io.gradwatch.jobs;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.PolicyDecoder;
import io.gradwatch.wire.policy.RefusedPolicyException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A small fleet half way: what was sent up to a savepoint, and what is sent from there on. A
 * savepoint of it holds all that states can hold.
 *
 * @param policies records of the policy topic, by offset
 */
record HalfWay(List<PolicyRecord> policies, List<Samples.Sent> before, List<Samples.Sent> after) {
  /** The run that says nothing for a while when the savepoint is taken. */
  static final String SILENT = "silent";

  /** A host whose runs page: there is an incident of it, to which more runs come later. */
  static final String HOST = "sick";

  /** Runs of this host that have a page open then. */
  static final List<String> SICK = List.of("sick-a", "sick-b", "sick-c");

  /** Runs of this host that page later. */
  static final List<String> SICK_LATER = List.of("sick-d", "sick-e", "sick-f");

  private static final int STEPS = 300;
  private static final int GROWS_FROM = 150;
  private static final int HALF = 240;
  private static final int RANKS = 4;

  /** A policy as it is published. */
  record PolicyRecord(byte[] key, byte[] value) {
    static PolicyRecord of(PolicyDocument document) {
      return new PolicyRecord(Policies.key(document), Policies.value(document));
    }
  }

  /** The fleet as this build would save it. */
  static HalfWay now() {
    HalfWay fleet = new HalfWay(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    fleet.publish(Policies.ofProject(0, Policies.DEAF));
    fleet.publish(Policies.ofProject(Samples.emittedAt(HALF + 20), Policies.ALERT));
    fleet.publish(
        new PolicyDocument(
            PolicyScope.RUN,
            Topics.DEFAULT_PROJECT + '/' + SILENT,
            0,
            Settings.NONE
                .with(AlarmKind.SILENCE, "timeout_seconds", 60)
                .with(AlarmKind.SILENCE, "intervals", 0)
                .with(AlarmKind.SILENCE, "pauses", 0)));

    for (String run : SICK) {
      fleet.run(sick(run), HALF);
    }
    for (String run : SICK_LATER) {
      fleet.run(sick(run), GROWS_FROM);
    }
    List<Samples.Sent> restless = RestlessRun.sent();
    fleet.run(restless, restless.size() * 2 / 3);
    List<Samples.Sent> ended = Samples.run("ended", HALF, HALF, Map.of());
    fleet.run(ended, ended.size());
    fleet.run(Samples.run(SILENT, STEPS, STEPS, Map.of()), HALF);
    fleet.run(IntStream.range(0, STEPS).mapToObj(HalfWay::lost).toList(), HALF);
    fleet.run(shuffled(), HALF + 2);
    fleet.run(ranked(), HALF * RANKS + 1);
    return fleet;
  }

  private void publish(PolicyDocument document) {
    policies.add(PolicyRecord.of(document));
  }

  private void run(List<Samples.Sent> events, int half) {
    before.addAll(events.subList(0, half));
    after.addAll(events.subList(half, events.size()));
  }

  private static List<Samples.Sent> sick(String run) {
    return Samples.run(run, STEPS, GROWS_FROM, Map.of("cluster", "old", "host", HOST))
        .subList(0, STEPS);
  }

  /** Losses that nobody alarms about until the second policy. */
  private static Samples.Sent lost(int step) {
    double loss = step < GROWS_FROM ? 2 : Double.NaN;
    return Samples.event("lost", step, StepCompleted.newBuilder().setLoss(loss).build());
  }

  /** Two steps come before the one that should be before them: they wait for it. */
  private static List<Samples.Sent> shuffled() {
    List<Samples.Sent> events = new ArrayList<>(Samples.run("shuffled", STEPS, STEPS, Map.of()));
    events.add(HALF + 2, events.remove(HALF));
    return events;
  }

  /** Ranks of which one has left the others, and one stops later. */
  private static List<Samples.Sent> ranked() {
    List<Samples.Sent> events = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      for (int rank = 0; rank < RANKS; rank++) {
        if (rank == 3 && step > HALF + 10) {
          continue;
        }
        double level = rank == 2 && step > GROWS_FROM ? 8 : 1;
        double norm = level * (1 + 0.1 * StrictMath.sin(step + rank));
        events.add(
            Samples.sent(
                TrainingEvent.newBuilder()
                    .setRunId("ranked")
                    .setStep((long) step)
                    .setRank(rank)
                    .setEmittedAt(Samples.emittedAt(step))
                    .setBody(
                        StepCompleted.newBuilder()
                            .setLoss(2.0)
                            .setGradNorm(norm)
                            .setLayerGradNorms(List.of((float) norm, (float) norm / 2))
                            .build())
                    .build()));
      }
    }
    return events;
  }

  /** What the policies amount to. */
  PolicyBook book() throws RefusedPolicyException {
    PolicyDecoder decoder = new PolicyDecoder();
    List<PolicyDocument> documents = new ArrayList<>();
    for (PolicyRecord policy : policies) {
      documents.add(decoder.decode(policy.key(), policy.value(), 0));
    }
    return PolicyBook.of(documents);
  }

  /** Everything that is sent. */
  List<Samples.Sent> events() {
    List<Samples.Sent> events = new ArrayList<>(before);
    events.addAll(after);
    return events;
  }

  /** Keeps it in a file. */
  void write(Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(policies.size());
      for (PolicyRecord policy : policies) {
        bytes(policy.key(), out);
        bytes(policy.value(), out);
      }
      events(before, out);
      events(after, out);
    }
  }

  private static void events(List<Samples.Sent> events, DataOutputStream out) throws IOException {
    out.writeInt(events.size());
    for (Samples.Sent event : events) {
      out.writeUTF(event.runId());
      bytes(event.value(), out);
    }
  }

  private static void bytes(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Reads it from a file. */
  static HalfWay read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
      List<PolicyRecord> policies = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        policies.add(new PolicyRecord(bytes(in), bytes(in)));
      }
      return new HalfWay(policies, events(in), events(in));
    }
  }

  private static List<Samples.Sent> events(DataInputStream in) throws IOException {
    List<Samples.Sent> events = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      events.add(new Samples.Sent(in.readUTF(), bytes(in)));
    }
    return events;
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }
}
