package io.gradwatch.lab;

import io.gradwatch.schemas.AvroLimits;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Sets Avro's limits before any test touches Avro, as the command does when it starts. */
public final class AvroLimitsFirst implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    AvroLimits.ensure();
  }
}
