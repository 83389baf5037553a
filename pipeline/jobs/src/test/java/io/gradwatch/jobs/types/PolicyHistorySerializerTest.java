package io.gradwatch.jobs.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.jobs.records.PolicyHistory;
import io.gradwatch.jobs.records.PolicyHistory.Version;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.junit.jupiter.api.Test;

class PolicyHistorySerializerTest extends SerializerTestBase<PolicyHistory> {
  private static final PolicyHistory HISTORY =
      new PolicyHistory(
          List.of(
              new Version(0, 3, 1_700_000_000_000L, new byte[] {1, 2}),
              new Version(Long.MAX_VALUE, 5, -1, null)));

  PolicyHistorySerializerTest() {
    super(SameBytes.of(PolicyHistory.class, new PolicyHistorySerializer()));
  }

  @Override
  protected TypeSerializer<PolicyHistory> createSerializer() {
    return new PolicyHistorySerializer();
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<PolicyHistory> getTypeClass() {
    return PolicyHistory.class;
  }

  @Override
  protected PolicyHistory[] getTestData() {
    return new PolicyHistory[] {
      HISTORY, new PolicyHistory(List.of(new Version(7, 0, 0, new byte[0])))
    };
  }

  @Test
  void allOfItIsThereAgain() throws IOException {
    byte[] bytes = SameBytes.bytes(HISTORY, createSerializer());
    PolicyHistory read = createSerializer().deserialize(new DataInputDeserializer(bytes));

    assertThat(read.versions()).usingRecursiveComparison().isEqualTo(HISTORY.versions());
  }

  @Test
  void aLaterFormatIsRefused() {
    byte[] bytes = SameBytes.bytes(HISTORY, createSerializer());
    bytes[3]++;
    assertThatThrownBy(() -> createSerializer().deserialize(new DataInputDeserializer(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessage("policies have format 2, this build reads 1");
  }
}
