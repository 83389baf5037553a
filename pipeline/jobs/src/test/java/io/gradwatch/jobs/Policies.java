package io.gradwatch.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.core.alarm.AlarmKind;
import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.jobs.functions.PolicyLog;
import io.gradwatch.jobs.records.ConsumedRecord;
import io.gradwatch.records.Policy;
import io.gradwatch.schemas.AvroLimits;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.Topics;
import io.gradwatch.wire.policy.PolicyMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Policies to feed a job with. */
public final class Policies {
  /** Nobody alarms about NaN. */
  public static final Settings DEAF = Settings.NONE.with(AlarmKind.NON_FINITE, false);

  /** Somebody does. */
  public static final Settings ALERT = Settings.NONE.with(AlarmKind.NON_FINITE, true);

  private static final RecordCodec<Policy> CODEC;

  static {
    AvroLimits.ensure();
    CODEC = RecordCodec.of(Policy.class);
  }

  private Policies() {}

  /** The policy of the default project. */
  public static PolicyDocument ofProject(long effectiveAt, Settings settings) {
    return new PolicyDocument(PolicyScope.PROJECT, Topics.DEFAULT_PROJECT, effectiveAt, settings);
  }

  /** The value that publishes a policy, sound or not. */
  public static byte[] value(PolicyDocument document) {
    return CODEC.encode(PolicyMapper.toRecord(document));
  }

  /** A key's bytes. */
  public static byte[] key(PolicyDocument document) {
    return document.key().getBytes(UTF_8);
  }

  /** A policy as the source hands it on. */
  public static ConsumedRecord consumed(long offset, PolicyDocument document) {
    return consumed(offset, document, value(document));
  }

  /** The same with a value of one's own. */
  public static ConsumedRecord consumed(
      long offset, PolicyDocument document, byte @Nullable [] value) {
    return new ConsumedRecord(Topics.POLICIES, 0, offset, key(document), value, List.of());
  }

  /** A topic that is not there. */
  public static PolicyLog noTopic() {
    return reader -> {};
  }
}
