package io.gradwatch.jobs.functions;

import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.registry.HttpSchemaRegistry;
import io.gradwatch.schemas.registry.RegistryOptions;
import io.gradwatch.wire.EventDecoder;
import io.gradwatch.wire.RecordEncoder;
import io.gradwatch.wire.policy.PolicyDecoder;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * In which framings records come and go. A registry that cannot be asked fails the task, which says
 * nothing about the record: the job restarts from its checkpoint, and the record comes again.
 *
 * @param registry where ids of Confluent framing are looked up; null: records that bear it are
 *     refused
 * @param writesConfluent whether what is written bears it, instead of single-object encoding
 */
public record WireFormat(@Nullable RegistryOptions registry, boolean writesConfluent)
    implements Serializable {
  /** Single-object encoding both ways; needs no registry. */
  public static final WireFormat SINGLE_OBJECT = new WireFormat(null, false);

  /**
   * Framings.
   *
   * @throws IllegalArgumentException when Confluent framing is to be written without a registry
   */
  public WireFormat {
    if (writesConfluent && registry == null) {
      throw new IllegalArgumentException("Confluent framing needs a registry, and none is given");
    }
  }

  EventDecoder eventDecoder() {
    return new EventDecoder(open());
  }

  PolicyDecoder policyDecoder() {
    return new PolicyDecoder(open());
  }

  RecordEncoder encoder() {
    SchemaRegistry ids = writesConfluent ? open() : null;
    return ids == null ? new RecordEncoder() : new RecordEncoder(ids);
  }

  private @Nullable SchemaRegistry open() {
    return registry == null ? null : new HttpSchemaRegistry(registry);
  }
}
