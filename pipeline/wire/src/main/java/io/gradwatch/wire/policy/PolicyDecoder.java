package io.gradwatch.wire.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.records.Policy;
import io.gradwatch.schemas.RecordCodec;
import io.gradwatch.schemas.RecordFormatException;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.wire.policy.RefusedPolicyException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Records of the policy topic as documents. A record without a value removes the policy of its key:
 * it is a document that sets nothing, from the record's timestamp on. Safe for use by several
 * threads.
 */
public final class PolicyDecoder {
  private final RecordCodec<Policy> codec;

  /** Reads single-object encoding; needs no registry. */
  public PolicyDecoder() {
    this(null);
  }

  /** Reads Confluent framing too, where there is a registry. */
  public PolicyDecoder(@Nullable SchemaRegistry registry) {
    codec = RecordCodec.reading(Policy.class, registry);
  }

  /**
   * The document of a record.
   *
   * @param value null: the policy is removed
   * @param timestamp the record's, in milliseconds since 1970
   * @throws RefusedPolicyException when it is none that can be used
   * @throws java.io.UncheckedIOException when the registry cannot be asked, which says nothing
   *     about the record
   */
  public PolicyDocument decode(byte @Nullable [] key, byte @Nullable [] value, long timestamp)
      throws RefusedPolicyException {
    String name = key == null ? "" : new String(key, UTF_8);
    if (value == null) {
      return removal(name, timestamp);
    }
    PolicyDocument document;
    try {
      document = PolicyMapper.toDocument(codec.decode(value));
    } catch (RecordFormatException e) {
      throw RefusedPolicyException.of(e);
    } catch (InvalidPolicyException e) {
      throw new RefusedPolicyException(Reason.INVALID_POLICY, String.valueOf(e.getMessage()));
    }
    if (!document.key().equals(name)) {
      throw new RefusedPolicyException(
          Reason.WRONG_KEY,
          "key of the policy is '" + name + "', it must be '" + document.key() + "'");
    }
    return document;
  }

  private static PolicyDocument removal(String key, long timestamp) throws RefusedPolicyException {
    try {
      PolicyDocument document = PolicyDocument.ofKey(key, Math.max(0, timestamp), Settings.NONE);
      PolicyMapper.checkProject(document.scope(), document.name());
      return document;
    } catch (IllegalArgumentException e) {
      throw new RefusedPolicyException(Reason.WRONG_KEY, String.valueOf(e.getMessage()));
    }
  }
}
