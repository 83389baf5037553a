package io.gradwatch.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.broker.testing.Await;
import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.alarm.Severity;
import io.gradwatch.core.policy.PolicyBook;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.jobs.functions.PolicyLog;
import io.gradwatch.jobs.functions.WireFormat;
import io.gradwatch.jobs.kafka.KafkaEnds;
import io.gradwatch.jobs.options.JobOptions;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.jobs.types.JobTypes;
import io.gradwatch.schemas.Topics;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradwatchPipelineTest {
  private static final int STEPS = 400;
  private static final List<Samples.Sent> RUN = Samples.explodingRun("run", STEPS);
  private static final JobOptions OPTIONS =
      JobOptions.of(Map.of(JobOptions.BOOTSTRAP_SERVERS.name(), "127.0.0.1:1"));

  private static final PolicyDocument POLICY =
      Policies.ofProject(
          Samples.decoded(Topics.DEFAULT_PROJECT, RUN.get(STEPS / 2)).emittedAt(),
          Settings.NONE.with(AlarmKind.EXPLODING_GRADIENT, Severity.WARNING));

  @Test
  void runsOnAMiniClusterFromBoundedSourcesToTheEnd() throws Exception {
    CollectingSink alarms = new CollectingSink("alarms");
    CollectingSink recommendations = new CollectingSink("recommendations");
    CollectingSink statistics = new CollectingSink("statistics");
    CollectingSink deadLetters = new CollectingSink("dead letters");
    StreamExecutionEnvironment env = GradwatchJob.environment(OPTIONS, flink());
    env.setParallelism(1);
    GradwatchPipeline.define(
        env,
        new GradwatchPipeline.Sources(
            runWithARecordOfGarbage(),
            aPolicyAndARecordOfGarbage(),
            GradwatchPipelineTest::readPolicies),
        new GradwatchPipeline.Sinks(
            alarms, recommendations, statistics, deadLetters, new CollectingSink("incidents")),
        Samples.LIMITS,
        WireFormat.SINGLE_OBJECT);
    env.execute();

    Outputs actual = new Outputs();
    for (CollectingSink sink : List.of(alarms, recommendations, statistics)) {
      sink.collected().forEach(record -> actual.add(record.topic(), record.key(), record.value()));
    }
    Outputs expected = Outputs.straight(RUN, PolicyBook.of(List.of(POLICY)));
    assertThat(expected.differences(Topics.alarms(Topics.DEFAULT_PROJECT), Outputs.straight(RUN)))
        .isNotEmpty();
    for (String topic :
        List.of(
            Topics.alarms(Topics.DEFAULT_PROJECT),
            Topics.recommendations(Topics.DEFAULT_PROJECT),
            Topics.statistics(Topics.DEFAULT_PROJECT))) {
      assertThat(expected.of(topic)).as(topic).isNotEmpty();
      assertThat(actual.differences(topic, expected)).isEmpty();
    }
    assertThat(deadLetters.collected())
        .extracting(letter -> HexFormat.of().formatHex(letter.value()))
        .containsExactlyInAnyOrder("010203", "040506");
  }

  private static void readPolicies(PolicyLog.Reader reader) throws Exception {
    reader.begin(1);
    reader.take(Policies.consumed(0, POLICY), 0);
  }

  private static Source<ConsumedRecord, ?, ?> aPolicyAndARecordOfGarbage() {
    return new DataGeneratorSource<>(
        offset ->
            offset == 0
                ? Policies.consumed(0, POLICY)
                : Policies.consumed(1, POLICY, new byte[] {4, 5, 6}),
        2,
        RateLimiterStrategy.noOp(),
        JobTypes.CONSUMED);
  }

  @Test
  void everyOperatorOnKafkaHasTheUidItAlwaysHad() {
    assertThat(graphOnKafka().getStreamNodes())
        .extracting(StreamNode::getTransformationUID)
        .containsExactlyInAnyOrderElementsOf(FrozenNames.read().operators());
  }

  @Test
  void nothingCrossesBetweenOperatorsAsAGenericType() {
    StreamExecutionEnvironment env = onKafka();
    assertThat(env.getConfiguration().get(PipelineOptions.GENERIC_TYPES)).isFalse();
    assertThat(env.getTransformations())
        .isNotEmpty()
        .noneMatch(transformation -> transformation.getOutputType() instanceof GenericTypeInfo);
    for (StreamNode node : env.getStreamGraph(false).getStreamNodes()) {
      assertThat(node.getTypeSerializerOut()).isNotInstanceOf(KryoSerializer.class);
      assertThat(node.getTypeSerializersIn())
          .noneMatch(serializer -> serializer instanceof KryoSerializer);
      assertThat(node.getOutEdges())
          .extracting(StreamEdge::getOutputTag)
          .allMatch(
              tag ->
                  tag == null
                      || tag.getTypeInfo().equals(JobTypes.PRODUCED)
                      || tag.getTypeInfo().equals(JobTypes.FLEET_SIGNAL));
    }
  }

  @Test
  void checkpointsWithoutBeingTold() {
    ReadableConfig settings = onKafka().getConfiguration();
    assertThat(settings.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
        .isEqualTo(OPTIONS.get(JobOptions.CHECKPOINT_INTERVAL));
    assertThat(settings.get(PipelineOptions.AUTO_GENERATE_UIDS)).isFalse();
    assertThat(settings.get(PipelineOptions.MAX_PARALLELISM)).isEqualTo(720);
    assertThat(onKafka().getCheckpointConfig().getTolerableCheckpointFailureNumber())
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(settings.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT))
        .isLessThan(OPTIONS.get(JobOptions.TRANSACTION_TIMEOUT).dividedBy(3));
  }

  @Test
  void leavesSettingsOfFlinkThatAreGivenAsTheyAre() {
    Configuration flink = flink();
    flink.setString(CheckpointingOptions.CHECKPOINTING_INTERVAL.key(), "77 s");
    flink.set(PipelineOptions.MAX_PARALLELISM, 24);
    StreamExecutionEnvironment env = GradwatchJob.environment(OPTIONS, flink);
    assertThat(env.getCheckpointConfig().getCheckpointInterval()).isEqualTo(77_000);
    assertThat(env.getMaxParallelism()).isEqualTo(24);
  }

  @ParameterizedTest
  @CsvSource({
    "execution.checkpointing.interval, 200 s, PT3M20S",
    "execution.checkpointing.min-pause, 1 h, PT1H",
    "execution.checkpointing.timeout, 10 min, PT10M"
  })
  void refusesSettingsOfFlinkUnderWhichATransactionEndsBeforeItsCheckpoint(
      String name, String value, String shown) {
    Configuration flink = flink();
    flink.setString(name, value);
    assertThatThrownBy(() -> GradwatchJob.environment(OPTIONS, flink))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "%s is '%s', must be below a third of gradwatch.transaction-timeout,"
                    .formatted(name, shown)
                + " which is 'PT10M'");
  }

  private static StreamGraph graphOnKafka() {
    return onKafka().getStreamGraph(false);
  }

  private static StreamExecutionEnvironment onKafka() {
    StreamExecutionEnvironment env = GradwatchJob.environment(OPTIONS, flink());
    KafkaEnds kafka = new KafkaEnds(OPTIONS);
    GradwatchPipeline.define(
        env,
        new GradwatchPipeline.Sources(kafka.events(), kafka.policies(), kafka.policyLog()),
        new GradwatchPipeline.Sinks(
            kafka.alarms(),
            kafka.recommendations(),
            kafka.statistics(),
            kafka.deadLetters(),
            kafka.incidents()),
        Samples.LIMITS,
        WireFormat.SINGLE_OBJECT);
    return env;
  }

  private static Configuration flink() {
    Configuration flink = new Configuration();
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    flink.set(RpcOptions.ASK_TIMEOUT_DURATION, Await.LIVENESS);
    flink.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Await.LIVENESS);
    return flink;
  }

  private static Source<ConsumedRecord, ?, ?> runWithARecordOfGarbage() {
    return new DataGeneratorSource<>(
        GradwatchPipelineTest::recordAt,
        RUN.size() + 1,
        RateLimiterStrategy.noOp(),
        JobTypes.CONSUMED);
  }

  private static ConsumedRecord recordAt(long index) {
    int garbageAt = STEPS / 2;
    int i = (int) index;
    if (i == garbageAt) {
      return new ConsumedRecord(Samples.EVENTS, 0, index, null, new byte[] {1, 2, 3}, List.of());
    }
    return Samples.consumed(RUN.get(i < garbageAt ? i : i - 1), index);
  }
}
